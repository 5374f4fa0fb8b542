import { Textarea } from "@mantine/core";
import { useState } from "react";
import type { Faults } from "../../parts/pointers.ts";
import classes from "./params-editor.module.css";

interface JsonListProps<Entry> {
  readonly label: string;
  readonly description: string;
  readonly placeholder: string;
  readonly value: readonly Entry[] | null | undefined;
  /** Of the list and of all that is in it. */
  readonly faults: Faults;
  onChange(value: Entry[] | null): void;
}

/** A list of objects, written as JSON; whether each is right the node says. */
export function JsonList<Entry>({ label, description, placeholder, value, faults, onChange }: JsonListProps<Entry>) {
  const [text, setText] = useState(() => (value && value.length > 0 ? JSON.stringify(value, null, 2) : ""));
  const [fault, setFault] = useState<string>();
  const told = [...faults].map(([pointer, message]) => `${pointer || "The list"}: ${message}`).join("\n");

  function take(next: string): void {
    setText(next);
    try {
      const read = next.trim() === "" ? null : JSON.parse(next);
      const isList = read === null || Array.isArray(read);
      setFault(isList ? undefined : "This is a list: [ … ]");
      if (isList) onChange(read);
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    }
  }

  return (
    <Textarea
      label={label}
      description={description}
      placeholder={placeholder}
      autosize
      minRows={2}
      maxRows={16}
      spellCheck={false}
      value={text}
      error={fault ?? (told || undefined)}
      onChange={({ currentTarget }) => take(currentTarget.value)}
      classNames={{ input: classes.code, error: classes.error }}
    />
  );
}

import { SegmentedControl, Textarea } from "@mantine/core";
import { useState } from "react";
import type { Faults } from "../../parts/pointers.ts";
import classes from "./json-object.module.css";
import { findMisfit } from "./shape.ts";

interface JsonObjectProps<Value extends object> {
  readonly label: string;
  readonly value: Value;
  /** Of the kinds that the form beside it shows; see {@link findMisfit}. */
  readonly example: object;
  readonly faults: Faults;
  onChange(value: Value): void;
}

/** An object written as JSON, in step with the form beside it: what cannot be read, or shown there, is told and not taken. */
export function JsonObject<Value extends object>({ label, value, example, faults, onChange }: JsonObjectProps<Value>) {
  const [text, setText] = useState(() => JSON.stringify(value, null, 2));
  const [fault, setFault] = useState<string>();
  const told = [...faults].map(([pointer, message]) => `${pointer || "All of it"}: ${message}`).join("\n");

  function take(next: string): void {
    setText(next);
    try {
      const read = JSON.parse(next);
      const misfit = read === null ? "It: must be an object: {…}" : findMisfit(read, example);
      setFault(misfit);
      if (misfit === undefined) onChange(read);
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    }
  }

  return (
    <Textarea
      label={label}
      autosize
      minRows={6}
      maxRows={30}
      spellCheck={false}
      value={text}
      error={fault ?? (told || undefined)}
      onChange={({ currentTarget }) => take(currentTarget.value)}
      classNames={{ input: classes.code, error: classes.error }}
    />
  );
}

/** How a part of a definition is written. */
export type Writing = "form" | "json";

/** The choice between form and JSON. */
export function WritingSwitch({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: Writing;
  onChange(value: Writing): void;
}) {
  return (
    <SegmentedControl
      size="xs"
      aria-label={label}
      data={[
        { value: "form", label: "Form" },
        { value: "json", label: "JSON" },
      ]}
      value={value}
      onChange={(next) => onChange(next === "json" ? "json" : "form")}
    />
  );
}

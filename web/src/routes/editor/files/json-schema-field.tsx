import { Button, Group, Textarea } from "@mantine/core";
import { useState } from "react";
import type { Faults } from "../../../parts/pointers.ts";
import classes from "../json-object.module.css";

interface JsonSchemaFieldProps {
  readonly label: string;
  readonly description: string;
  readonly value: unknown;
  /** Of the schema and of all that is in it. */
  readonly faults: Faults;
  /** A schema that the first records fulfil, where some are seen. */
  readonly proposal?: object | undefined;
  onChange(value: object | undefined): void;
}

/** A JSON Schema, written as JSON, or begun with one that a file's first records fulfil. */
export function JsonSchemaField({ label, description, value, faults, proposal, onChange }: JsonSchemaFieldProps) {
  const [text, setText] = useState(() => (value === undefined ? "" : JSON.stringify(value, null, 2)));
  const [fault, setFault] = useState<string>();
  const told = [...faults].map(([pointer, message]) => `${pointer ? `${pointer} ` : ""}${message}`).join("\n");

  function take(next: string): void {
    setText(next);
    const read = readSchema(next);
    setFault(typeof read === "string" ? read : undefined);
    if (typeof read !== "string") onChange(read.schema);
  }

  return (
    <div>
      <Textarea
        label={label}
        description={description}
        placeholder={'{"required": ["id"], "properties": {"id": {"type": "integer"}}}'}
        autosize
        minRows={2}
        maxRows={16}
        spellCheck={false}
        value={text}
        error={fault ?? (told || undefined)}
        onChange={({ currentTarget }) => take(currentTarget.value)}
        classNames={{ input: classes.code, error: classes.error }}
      />
      {proposal && text.trim() === "" && (
        <Group mt="xs">
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`Begin with what the file shows: ${label}`}
            onClick={() => take(JSON.stringify(proposal, null, 2))}
          >
            Begin with what the file shows
          </Button>
        </Group>
      )}
    </div>
  );
}

function readSchema(text: string): { schema: object | undefined } | string {
  if (text.trim() === "") return { schema: undefined };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { schema: value };
    return "A schema is an object: { … }";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

import { Textarea } from "@mantine/core";
import type { FieldProps } from "@rjsf/utils";
import { useState } from "react";
import classes from "./schema-form.module.css";

/** A value of any kind, written as JSON. */
export function JsonField({
  schema,
  uiSchema,
  formData,
  fieldPathId,
  name,
  required,
  rawErrors,
  onChange,
}: FieldProps) {
  const [text, setText] = useState(() => (formData === undefined ? "" : JSON.stringify(formData, null, 2)));
  const [fault, setFault] = useState<string>();

  function take(next: string): void {
    setText(next);
    const read = readJson(next);
    setFault(read.fault);
    if (read.fault === undefined) onChange(read.value, fieldPathId.path);
  }

  return (
    <Textarea
      id={fieldPathId.$id}
      label={schema.title ?? name}
      description={schema.description}
      placeholder={uiSchema?.["ui:placeholder"]}
      required={required}
      autosize
      minRows={1}
      maxRows={16}
      spellCheck={false}
      value={text}
      error={fault ?? rawErrors?.join(" ")}
      onChange={({ currentTarget }) => take(currentTarget.value)}
      classNames={{ input: classes.code }}
    />
  );
}

function readJson(text: string): { value?: unknown; fault?: string } {
  if (text.trim() === "") return {};
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { fault: `This is JSON: texts stand in quotes. ${error instanceof Error ? error.message : ""}` };
  }
}

/** Files of errors, as jobs write them: one line of JSON for each record that was refused. */

/** Why a record was refused. */
export interface RefusedRecord {
  readonly line: number | null;
  readonly number: number | null;
  readonly identifier: string | null;
  readonly step: string;
  readonly pointer: string;
  readonly message: string;
  readonly record: unknown;
}

/** Reads whole lines; one that is none of a job's becomes a message that says so. */
export function readRefusals(text: string): RefusedRecord[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(readRefusal);
}

function readRefusal(text: string): RefusedRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const message = "This line was not written by a job.";
    return { line: null, number: null, identifier: null, step: "", pointer: "", message, record: text };
  }
  const fields: Readonly<Record<string, unknown>> = { ...value };
  return {
    line: numberOf(fields.line),
    number: numberOf(fields.number),
    identifier: fields.identifier === null || fields.identifier === undefined ? null : textOf(fields.identifier),
    step: textOf(fields.step),
    pointer: textOf(fields.pointer),
    message: textOf(fields.message),
    record: fields.record,
  };
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

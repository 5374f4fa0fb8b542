/**
 * References in string params: `{{job.id}}`, `{{job.scheduledFor}}`, `{{job.attempt}}`, `{{timestamp}}`, `{{date}}` and
 * `{{secrets.CODE}}`. Any other `{{…}}` passes as it is. Stored params keep the references; values are put in at the
 * moment of use, once: a value that itself looks like a reference is not looked at again.
 */
import { JobError } from "./job-errors.ts";

const reference =
  /\{\{\s*(job\.id|job\.scheduledFor|job\.attempt|timestamp|date|secrets\.([A-Za-z0-9][A-Za-z0-9._-]{0,127}))\s*\}\}/g;

/** Characters of all strings together, once they are filled in; params as they are sent are a quarter of that at most. */
const mostFilled = 4 * 1024 * 1024;

/** Values for everything but secrets. */
export interface PlaceholderValues {
  readonly jobId: string;
  /** RFC 3339, or empty for a job that no schedule made. */
  readonly scheduledFor: string;
  readonly attempt: number;
  /** The moment of use. */
  readonly now: Date;
}

/** Whether a text holds a reference. */
export function holdsPlaceholder(text: string): boolean {
  return text.search(reference) >= 0;
}

/** Whether a value may hold a reference somewhere; where it does not, no copy of it need be made. */
export function mayHoldPlaceholder(value: unknown): boolean {
  if (typeof value === "string") return value.includes("{{");
  if (typeof value !== "object" || value === null) return false;
  for (const one of Array.isArray(value) ? value : Object.values(value)) if (mayHoldPlaceholder(one)) return true;
  return false;
}

/** The codes of the secrets that a value refers to, each once. */
export function secretReferences(value: unknown): Set<string> {
  const codes = new Set<string>();
  mapStrings(value, (text) => {
    for (const match of text.matchAll(reference)) if (match[2] !== undefined) codes.add(match[2]);
    return text;
  });
  return codes;
}

/**
 * Puts values in place of the references of every string in `params`, at whatever depth.
 *
 * @param secret answers a secret's value; throws where there is none
 * @throws JobError INVALID_PARAMS where the strings grow beyond 4 Mi characters
 */
export function fillPlaceholders(
  params: Readonly<Record<string, unknown>>,
  values: PlaceholderValues,
  secret: (code: string) => string,
): Record<string, unknown> {
  let filled = 0;

  function digits(): string {
    return values.now.toISOString().replace(/[-:]/g, "").replace("T", "_").slice(0, 15);
  }

  function standsFor(name: string, code: string | undefined): string {
    if (code !== undefined) return secret(code);
    switch (name) {
      case "job.id":
        return values.jobId;
      case "job.scheduledFor":
        return values.scheduledFor;
      case "job.attempt":
        return String(values.attempt);
      case "timestamp":
        return digits();
      default:
        return digits().slice(0, 8);
    }
  }

  return mapFields(params, (text) =>
    text.replace(reference, (_whole, name: string, code: string | undefined) => {
      const value = standsFor(name, code);
      filled += value.length;
      if (filled <= mostFilled) return value;
      throw new JobError(
        "INVALID_PARAMS",
        `The placeholders in the params stand for more than ${mostFilled} characters.`,
      );
    }),
  );
}

function mapStrings(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return value.includes("{{") ? map(value) : value;
  if (Array.isArray(value)) return value.map((one) => mapStrings(one, map));
  if (typeof value !== "object" || value === null) return value;
  return mapFields(value, map);
}

function mapFields(fields: object, map: (text: string) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, one]) => [key, mapStrings(one, map)]));
}

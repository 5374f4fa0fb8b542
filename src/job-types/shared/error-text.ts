/** Where webservices commonly put the text of an error. */
import { cut } from "./cut.ts";

/** Names of fields that hold it, the likeliest first: RFC 9457, RFC 6749, GraphQL, JSON:API, SOAP, and what is in use besides. */
const names = [
  "error_description",
  "detail",
  "message",
  "errorMessage",
  "error_message",
  "error",
  "errors",
  "fault",
  "faultstring",
  "Message",
  "msg",
  "reason",
  "description",
  "title",
] as const;

/** Fields are looked for at most this deep: `{"error":{"errors":[{"message":"…"}]}}`. */
const deepest = 4;

const longestText = 500;

/** The text of an error in a body, at most 500 characters; `undefined` where there is none of a common shape. */
export function errorTextOf(body: unknown): string | undefined {
  const text = find(body, deepest)?.trim().replaceAll(/\s+/g, " ");
  if (text === undefined || text === "") return undefined;
  return cut(text, longestText);
}

function find(value: unknown, depth: number): string | undefined {
  if (depth === 0 || typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) return textOf(value[0], depth);
  const fields = new Map<string, unknown>(Object.entries(value));
  for (const name of names) {
    const text = textOf(fields.get(name), depth);
    if (text !== undefined) return withKind(fields.get("error"), text);
  }
  return undefined;
}

/** Beside its text an error may have a short name: `{"error":"invalid_grant","error_description":"…"}`. */
function withKind(kind: unknown, text: string): string {
  return typeof kind !== "string" || kind === "" || text.includes(kind) ? text : `${kind}: ${text}`;
}

function textOf(value: unknown, depth: number): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value.slice(0, longestText * 4);
  return find(value, depth - 1);
}

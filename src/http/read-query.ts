import type { TSchema } from "typebox";
import { IsBoolean, IsInteger, IsObject } from "typebox";
import { type FieldError, invalidOutsideBody } from "../model/api-errors.ts";

/**
 * Reads query parameters, which are text: those that the schema says are whole numbers become numbers where they are
 * written as one, and booleans where they are `true` or `false`. Anything else stays as it is, for the check to refuse.
 *
 * @throws ApiError VALIDATION_FAILED for a parameter that is given more than once, or holds the character U+0000
 */
export function readQuery(schema: TSchema, query: unknown): unknown {
  if (typeof query !== "object" || query === null) return {};
  const properties = IsObject(schema) ? new Map(Object.entries(schema.properties)) : new Map();
  const errors: FieldError[] = [];
  const read = Object.entries(query).map(([name, value]: [string, unknown]) => {
    if (Array.isArray(value))
      errors.push({ path: `/${name}`, message: `query parameter ${name}: is given more than once` });
    // PostgreSQL stores no such text, so nothing that is asked for can have it.
    if (typeof value === "string" && value.includes("\u0000"))
      errors.push({ path: `/${name}`, message: `query parameter ${name}: must not hold the character U+0000` });
    const isNumber = IsInteger(properties.get(name)) && typeof value === "string" && /^-?\d{1,15}$/.test(value);
    const isBoolean = IsBoolean(properties.get(name)) && (value === "true" || value === "false");
    return [name, isNumber ? Number(value) : isBoolean ? value === "true" : value];
  });
  if (errors.length > 0) throw invalidOutsideBody(errors);
  return Object.fromEntries(read);
}

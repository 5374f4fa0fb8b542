/** Turns what a JSON Schema validator says into sentences that point at a field. */

import type { FieldError } from "./api-errors.ts";
import { apiKeyIdPattern } from "./api-key.ts";
import { ofChosenBranches } from "./chosen-branches.ts";
import { jobTypeCodePattern } from "./job.ts";
import { codePattern } from "./job-definition.ts";
import { jobIdPattern, uuidPattern } from "./job-id.ts";
import type { SchemaComplaint } from "./schema-complaint.ts";

/** At most this many are told: a body of 1 MiB can hold a hundred thousand faults. */
const mostErrors = 20;

/**
 * Turns what a validator found into at most 20 faults that a person can act upon, each told once.
 *
 * @param all all that the validator found
 * @param prefix a JSON Pointer that is put before each path
 */
export function fieldErrors(all: readonly SchemaComplaint[], prefix = ""): FieldError[] {
  const complaints = ofChosenBranches(all);
  const errors: FieldError[] = [];
  const told = new Set<string>();
  for (const complaint of complaints) {
    for (const error of explain(complaint, complaints)) {
      const key = `${error.path}\n${error.message}`;
      if (told.has(key)) continue;
      told.add(key);
      errors.push({ path: prefix + error.path, message: error.message });
      if (errors.length === mostErrors) return errors;
    }
  }
  if (errors.length > 0) return errors;
  return [{ path: prefix, message: complaints[0]?.message ?? "is not valid" }];
}

const unknownField = "is not known here; remove it or correct its name";

function explain(complaint: SchemaComplaint, all: readonly SchemaComplaint[]): FieldError[] {
  const path = complaint.instancePath;
  const params = new Map(Object.entries(complaint.params));
  switch (complaint.keyword) {
    case "boolean":
      // TypeBox reports `additionalProperties: false` of each field first, and then of the object with all their names.
      return [{ path, message: unknownField }];
    case "additionalProperties":
      return names(params.get("additionalProperties"), mostErrors).map((name) => ({
        path: `${path}/${escapePointer(name)}`,
        message: unknownField,
      }));
    case "required":
      return names(params.get("requiredProperties")).map((name) => ({
        path: `${path}/${escapePointer(name)}`,
        message: "is missing",
      }));
    case "anyOf":
    case "oneOf":
      return [];
    case "type":
      return explainType(complaint, all);
    default:
      return [{ path, message: sentenceOf(complaint.keyword, params) ?? complaint.message }];
  }
}

/**
 * The branches of a union complain one by one. Where one of them likes the type, the others' complaints of it are only noise;
 * where none does, one sentence names them all.
 */
function explainType(complaint: SchemaComplaint, all: readonly SchemaComplaint[]): FieldError[] {
  const path = complaint.instancePath;
  const here = all.filter((one) => isWithin(one.instancePath, path) && !unions.has(one.keyword));
  if (here.some((one) => one.keyword !== "type" || one.instancePath !== path)) return [];
  const types = here.flatMap((one) => names(new Map(Object.entries(one.params)).get("type")));
  const unique = [...new Set(types)].filter((type) => type !== "null" || types.every((other) => other === "null"));
  return [{ path, message: `must be ${unique.map((type) => typeNames[type] ?? type).join(" or ")}` }];
}

const unions = new Set(["anyOf", "oneOf"]);

const typeNames: Readonly<Record<string, string>> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  object: "an object",
  array: "a list",
  null: "null",
};

function isWithin(pointer: string, outer: string): boolean {
  return pointer === outer || pointer.startsWith(`${outer}/`);
}

/** Patterns of our own schemas, by what they mean. */
const patternSentences: ReadonlyMap<unknown, string> = new Map([
  [codePattern, "must be 1–128 letters, digits, dots, dashes and underscores, with a letter or digit first"],
  [jobTypeCodePattern, "must be 1–64 letters and digits, with a letter first"],
  [jobIdPattern, "is not a job id; one looks like 20240302-f3eb6180-9fc0-43c6-9fe3-528cc4981f2c"],
  [uuidPattern, "is not an id; one looks like f3eb6180-9fc0-43c6-9fe3-528cc4981f2c"],
  [apiKeyIdPattern, "is not the id of a key, which is the 16 letters and digits behind pnc_"],
]);

const formatSentences: ReadonlyMap<unknown, string> = new Map([
  ["date-time", "must be an RFC 3339 time such as 2026-11-24T06:00:00Z"],
  ["date", "must be a day of the calendar such as 2026-11-24"],
  ["email", "must be an email address such as name@example.com"],
]);

function sentenceOf(keyword: string, params: ReadonlyMap<string, unknown>): string | undefined {
  const limit = params.get("limit");
  switch (keyword) {
    case "enum":
      return `must be one of ${names(params.get("allowedValues")).join(", ")}`;
    case "const":
      return `must be ${JSON.stringify(params.get("allowedValue"))}`;
    case "format":
      return formatSentences.get(params.get("format"));
    case "pattern":
      return patternSentences.get(params.get("pattern"));
    case "minimum":
      return `must be at least ${limit}`;
    case "maximum":
      return `must be at most ${limit}`;
    case "minLength":
      return limit === 1 ? "must not be empty" : `must have at least ${limit} characters`;
    case "maxLength":
      return `must have at most ${limit} characters`;
    case "minItems":
      return limit === 1 ? "must not be empty" : `must have at least ${limit} entries`;
    case "maxItems":
      return `must have at most ${limit} entries`;
    case "maxProperties":
      return `must have at most ${limit} fields`;
    default:
      return undefined;
  }
}

function names(value: unknown, most = Number.POSITIVE_INFINITY): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.slice(0, most).map(String) : [];
}

/** RFC 6901, section 3. */
export function escapePointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

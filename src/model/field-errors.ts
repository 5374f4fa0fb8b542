/** Turns what a JSON Schema validator says into sentences that point at a field. */
import type { FieldError } from "./errors.ts";

/** A validator's complaint, as Ajv and TypeBox both shape it. */
export interface SchemaComplaint {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

/** At most this many are told: a body of 1 MiB can hold a hundred thousand faults. */
const mostErrors = 20;

/**
 * @param complaints all that the validator found
 * @param prefix a JSON Pointer that is put before each path
 */
export function fieldErrors(complaints: readonly SchemaComplaint[], prefix = ""): FieldError[] {
  const errors: FieldError[] = [];
  const told = new Set<string>();
  for (const complaint of complaints) {
    for (const error of explain(complaint)) {
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

function explain(complaint: SchemaComplaint): FieldError[] {
  const path = complaint.instancePath;
  const params = new Map(Object.entries(complaint.params));
  switch (complaint.keyword) {
    case "boolean":
      // TypeBox reports `additionalProperties: false` twice; the other report names the field.
      return [];
    case "additionalProperties":
      return names(params.get("additionalProperties")).map((name) => ({
        path: `${path}/${escapePointer(name)}`,
        message: "is not a field that is known here; remove it or correct its name",
      }));
    case "required":
      return names(params.get("requiredProperties")).map((name) => ({
        path: `${path}/${escapePointer(name)}`,
        message: "is missing",
      }));
    case "enum":
      return [{ path, message: `must be one of ${names(params.get("allowedValues")).join(", ")}` }];
    case "const":
      return [{ path, message: `must be ${JSON.stringify(params.get("allowedValue"))}` }];
    case "anyOf":
    case "oneOf":
      return [];
    case "type":
      // The other half of "or null": said beside what the field should be, it is only noise.
      if (params.get("type") === "null") return [];
      return [{ path, message: complaint.message }];
    default:
      return [{ path, message: complaint.message }];
  }
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** RFC 6901, section 3. */
export function escapePointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

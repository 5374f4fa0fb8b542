/** Makes of a type's schema what the form can show: one that it understands, and how each field is to look. */
import type { RJSFSchema, UiSchema } from "@rjsf/utils";

type Schema = Readonly<Record<string, unknown>>;

/** A schema with the looks of its fields. */
export interface FormSchema {
  readonly schema: RJSFSchema;
  readonly uiSchema: UiSchema;
}

/** Whether a schema names fields; without any there is nothing to make a form of. */
export function hasFields(schema: Schema): boolean {
  return Object.keys(objectOf(schema.properties)).length > 0;
}

/** Translates a schema and all that is in it. */
export function toFormSchema(given: Schema): FormSchema {
  const schema = withoutTicks(given);
  const uiSchema: UiSchema = { ...lookOf(schema) };
  if (uiSchema["ui:field"] !== undefined) return { schema: without(schema, complicated), uiSchema };
  // Examples would become a list of proposals, of which the form shows texts alone.
  const made: Record<string, unknown> = without(schema, ["examples", "patternProperties", "title"]);
  if (typeof schema.title === "string") made.title = schema.title;
  const properties: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(objectOf(schema.properties))) {
    const translated = toFormSchema(objectOf(field));
    properties[name] = { title: name, ...translated.schema };
    uiSchema[name] = isBucket(name, objectOf(field))
      ? { ...translated.uiSchema, "ui:widget": "bucket" }
      : translated.uiSchema;
  }
  if (schema.properties !== undefined) made.properties = properties;
  const values = recordValues(schema);
  if (values) {
    const translated = toFormSchema(values);
    made.additionalProperties = translated.schema;
    uiSchema.additionalProperties = translated.uiSchema;
  }
  if (schema.items !== undefined) {
    const translated = toFormSchema(objectOf(schema.items));
    made.items = translated.schema;
    uiSchema.items = translated.uiSchema;
  }
  for (const keyword of ["anyOf", "oneOf"] as const) {
    const options = schema[keyword];
    if (!Array.isArray(options)) continue;
    const translated = options.map((option) => toFormSchema(objectOf(option)));
    made[keyword] = translated.map((one) => one.schema);
    uiSchema[keyword] = translated.map((one) => one.uiSchema);
  }
  return { schema: made, uiSchema };
}

/** Whether a field names a bucket, of which there is a list to choose from. */
function isBucket(name: string, { type }: Schema): boolean {
  return type === "string" && /bucketCode$/i.test(name);
}

const complicated = [
  "description",
  "examples",
  "anyOf",
  "oneOf",
  "items",
  "patternProperties",
  "properties",
  "additionalProperties",
];

function lookOf(schema: Schema): UiSchema {
  const hint = hintOf(schema);
  if (needsJson(schema)) return { "ui:field": "json", ...hint };
  // A box that is not ticked would say no where nothing is said, and the default may be yes.
  if (schema.type === "boolean") return { "ui:widget": "select", ...hint };
  if (schema.type === "string" && typeof schema.maxLength === "number" && schema.maxLength > 20_000) {
    return { "ui:widget": "textarea", ...hint };
  }
  // An object with free names has a way to add one, and needs no other to begin with.
  return recordValues(schema) ? { ...hint, "ui:enableOptionalDataFieldForType": [] } : hint;
}

function hintOf(schema: Schema): UiSchema {
  if (schema.default !== undefined) return { "ui:placeholder": `Default: ${textOf(schema.default)}` };
  const [example] = Array.isArray(schema.examples) ? schema.examples : [];
  return example === undefined ? {} : { "ui:placeholder": `For example ${textOf(example)}` };
}

function textOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Whether a field may hold so many kinds of values that it is better written than clicked together. */
function needsJson(schema: Schema): boolean {
  const options = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(options)) return !options.every((option) => objectOf(option).type === "object");
  if (schema.enum !== undefined || schema.const !== undefined || schema.$ref !== undefined) return false;
  if (typeof schema.type !== "string") return true;
  if (schema.type === "array") return needsJson(objectOf(schema.items));
  const values = recordValues(schema);
  return values !== undefined && (needsJson(values) || values.type === "object" || values.type === "array");
}

/** What the values of an object with free names are; undefined where its names are known. */
function recordValues(schema: Schema): Schema | undefined {
  if (schema.type !== "object") return undefined;
  const [pattern] = Object.values(objectOf(schema.patternProperties));
  const found = pattern ?? schema.additionalProperties;
  return typeof found === "object" && found !== null ? objectOf(found) : undefined;
}

/** The library shows descriptions as plain text, in which ticks around a name are in the way. */
function withoutTicks({ description, ...schema }: Schema): Schema {
  return typeof description === "string" ? { ...schema, description: description.replaceAll("`", "") } : schema;
}

function objectOf(value: unknown): Schema {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function without(schema: Schema, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => !names.includes(name)));
}

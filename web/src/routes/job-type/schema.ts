/** JSON Schema as people read it. */

/** A schema, as far as it is read here. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly title?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly format?: string;
}

/** The forms that a value may take: one unless the schema says more. */
export function formsOf(schema: Schema): readonly Schema[] {
  return schema.anyOf ?? schema.oneOf ?? [schema];
}

/** `text`, `whole number from 1 to 9`, `"GET" or "POST"`, `list of objects`. */
export function kindOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" or ");
  const forms = formsOf(schema);
  if (forms.length > 1) return [...new Set(forms.map(kindOf))].join(" or ");
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  if (types.length === 0) return schema.properties ? "object" : "anything";
  return types.map((type) => kindOfType(type, schema)).join(" or ");
}

function kindOfType(type: string, schema: Schema): string {
  switch (type) {
    case "string":
      return `text${range(schema.minLength, schema.maxLength, " characters")}`;
    case "integer":
      return `whole number${range(schema.minimum, schema.maximum, "")}`;
    case "number":
      return `number${range(schema.minimum, schema.maximum, "")}`;
    case "boolean":
      return "true or false";
    case "array":
      return `list of ${schema.items ? kindOf(schema.items) : "anything"}${range(schema.minItems, schema.maxItems, "")}`;
    default:
      return type;
  }
}

function range(least: number | undefined, most: number | undefined, unit: string): string {
  // A least of nothing, or of one character, goes without saying.
  const hasLeast = least !== undefined && (unit === "" ? least > 0 || most !== undefined : least > 1);
  const hasMost = most !== undefined && most < Number.MAX_SAFE_INTEGER;
  if (hasLeast && hasMost) return ` from ${number(least)} to ${number(most)}${unit}`;
  if (hasMost) return `, up to ${number(most)}${unit}`;
  return hasLeast ? `, at least ${number(least)}${unit}` : "";
}

function number(value: number): string {
  return value.toLocaleString("en");
}

/** Objects within a schema whose fields are worth a table of their own. */
export function objectsIn(schema: Schema): readonly Schema[] {
  return formsOf(schema).flatMap((form) => {
    if (form.properties) return Object.keys(form.properties).length > 0 ? [form] : [];
    if (form.items) return objectsIn(form.items);
    return form === schema ? [] : objectsIn(form);
  });
}

/** Params that fit, with no more in them than must be. */
export function exampleOf(schema: Schema): unknown {
  const [example] = schema.examples ?? [];
  if (example !== undefined) return example;
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [form] = formsOf(schema);
  if (form && form !== schema) return exampleOf(form);
  const type = typeof schema.type === "string" ? schema.type : schema.type?.[0];
  if (schema.properties) {
    const { properties, required = [] } = schema;
    return Object.fromEntries(
      Object.entries(properties)
        .filter(([name]) => required.includes(name))
        .map(([name, field]) => [name, exampleOf(field)]),
    );
  }
  switch (type) {
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    case "boolean":
      return true;
    case "array":
      return schema.items ? [exampleOf(schema.items)] : [];
    case "object":
      return {};
    default:
      return schema.format === "uri" ? "https://example.com" : "text";
  }
}

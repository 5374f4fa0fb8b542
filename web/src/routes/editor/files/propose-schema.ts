/** A first schema for records that somebody sees. */

/** Texts that stand for numbers in formats in which all is text. */
const wholeNumber = /^-?(0|[1-9]\d{0,14})$/;
const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** A schema that all of the records fulfil: what types their fields have, and which none of them lacks. Undefined where they are no objects. */
export function proposeSchema(records: readonly unknown[]): object | undefined {
  const objects = records.filter((one) => typeof one === "object" && one !== null && !Array.isArray(one));
  if (objects.length === 0 || objects.length < records.length) return undefined;
  const names = [...new Set(objects.flatMap((one) => Object.keys(one ?? {})))].slice(0, 200);
  const properties: Record<string, object> = {};
  const required: string[] = [];
  for (const name of names) {
    const values = objects.map((one): unknown => Reflect.get(Object(one), name));
    const given = values.filter((value) => value !== undefined && value !== "");
    properties[name] = typeOf(given);
    if (given.length === values.length) required.push(name);
  }
  return { type: "object", ...(required.length > 0 && { required }), properties };
}

function typeOf(values: readonly unknown[]): object {
  if (values.length === 0 || values.some((value) => value === null)) return {};
  const all = (is: (value: unknown) => boolean): boolean => values.every(is);
  if (all((value) => Number.isInteger(value) || (typeof value === "string" && wholeNumber.test(value)))) {
    return { type: "integer" };
  }
  if (all((value) => typeof value === "number" || (typeof value === "string" && number.test(value)))) {
    return { type: "number" };
  }
  if (all((value) => typeof value === "boolean")) return { type: "boolean" };
  if (all((value) => typeof value === "string")) return { type: "string" };
  if (all(Array.isArray)) return { type: "array" };
  return all((value) => typeof value === "object" && !Array.isArray(value)) ? { type: "object" } : {};
}

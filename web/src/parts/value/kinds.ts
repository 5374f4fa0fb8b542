/** What a JSON value can be shown as besides a tree. */

/** Raster pictures alone: an SVG is a document of its own. */
const imageType = /^image\/(png|jpeg|gif|webp|avif)\b/i;

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** Rows of a table: a list of objects, or the one list of objects that a value or its `body` consists of. */
export function rowsOf(value: unknown): readonly object[] | undefined {
  for (const candidate of [value, fieldOf(value, "body")]) {
    if (!Array.isArray(candidate) || candidate.length === 0) continue;
    if (candidate.every((one) => typeof one === "object" && one !== null && !Array.isArray(one))) return candidate;
  }
  return undefined;
}

/** The text that a value, or its `body`, is. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const body = fieldOf(value, "body");
  return typeof body === "string" && fieldOf(value, "bodyEncoding") !== "base64" ? body : undefined;
}

/** A `data:` address of the picture that a webservice answered. */
export function imageOf(value: unknown): string | undefined {
  const body = fieldOf(value, "body");
  const type = fieldOf(fieldOf(value, "headers"), "content-type");
  if (typeof body !== "string" || typeof type !== "string" || fieldOf(value, "bodyEncoding") !== "base64")
    return undefined;
  const [found] = imageType.exec(type) ?? [];
  return found === undefined ? undefined : `data:${found};base64,${body}`;
}

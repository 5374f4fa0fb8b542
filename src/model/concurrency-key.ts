/** The concurrency key of a job: the option's text, with params of the job in place of `{{params.…}}`. */
import { createHash } from "node:crypto";
import type { JsonObject } from "./job.ts";

const reference = /\{\{\s*params\.([A-Za-z0-9_.-]{1,200})\s*\}\}/g;

/** Characters of a key that are stored as they are; a longer one is stored as its hash. */
const longestKey = 256;

/**
 * Fills a template in with a job's params: jobs of one customer and key run one at a time. A key of more than 256
 * characters is kept as its SHA-256.
 *
 * @param template `options.concurrencyKey`; null is no key
 * @param params `{{params.a.b}}` is the field `b` of the field `a`; what is not there, and what is an object or a list, is empty
 */
export function concurrencyKeyOf(template: string | null, params: JsonObject): string | null {
  if (template === null) return null;
  const key = template.replace(reference, (_whole, path: string) => textOf(valueAt(params, path.split("."))));
  if (key.length <= longestKey) return key;
  return `sha256:${createHash("sha256").update(key).digest("hex")}`;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

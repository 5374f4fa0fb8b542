import { createHash } from "node:crypto";
import type { IdempotencyKey } from "../domain/create-jobs.ts";
import { invalidOutsideBody } from "../model/api-errors.ts";

/**
 * Reads `Idempotency-Key` with what it stands for: the path, and a hash of the body with its fields sorted.
 *
 * @throws ApiError VALIDATION_FAILED
 */
export function readIdempotencyKey(
  header: string | undefined,
  path: string,
  body: unknown,
): IdempotencyKey | undefined {
  if (header === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(header)) {
    throw invalidOutsideBody([
      { path: "/Idempotency-Key", message: "header Idempotency-Key: must be 1–255 visible ASCII characters" },
    ]);
  }
  return {
    key: header,
    path,
    bodyHash: createHash("sha256")
      .update(JSON.stringify(sorted(body)))
      .digest(),
  };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, field]) => [name, sorted(field)]));
}

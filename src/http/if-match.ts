import { invalidOutsideBody } from "../model/api-errors.ts";

const list = /^\s*(?:W\/)?"[^"]*"(?:\s*,\s*(?:W\/)?"[^"]*")*\s*$/;

/**
 * Reads `If-Match` (RFC 9110, section 13.1.1) as versions; null where it is absent, `any` for `*`, which asks that the
 * thing exists.
 *
 * Weak validators never match, as the RFC says.
 *
 * @throws ApiError VALIDATION_FAILED
 */
export function readIfMatch(header: string | undefined): number[] | "any" | null {
  if (header === undefined) return null;
  if (header.trim() === "*") return "any";
  if (!list.test(header)) {
    throw invalidOutsideBody([
      { path: "/If-Match", message: 'header If-Match: must be an ETag in quotes, such as "3"' },
    ]);
  }
  return header
    .split(",")
    .map((tag) => tag.trim())
    .filter((tag) => /^"[1-9]\d{0,8}"$/.test(tag))
    .map((tag) => Number(tag.slice(1, -1)));
}

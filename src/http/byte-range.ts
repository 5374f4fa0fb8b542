import { ApiError } from "../model/api-errors.ts";
import type { ByteRange } from "../model/blob-storage.ts";

/**
 * Reads the header `Range` (RFC 9110, section 14.2).
 *
 * @returns null for the whole: without the header, with one of another unit, of several ranges, or that cannot be read
 * @throws ApiError RANGE_NOT_SATISFIABLE where it begins behind the end
 */
export function rangeOf(header: string | undefined, bytes: number): ByteRange | null {
  const [, from = "", to = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? "") ?? [];
  if (from === "" && to === "") return null;
  if (from !== "" && to !== "" && Number(to) < Number(from)) return null;
  const first = from === "" ? Math.max(0, bytes - Number(to)) : Number(from);
  const last = from === "" || to === "" ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (first < bytes && first <= last) return { first, last };
  throw new ApiError("RANGE_NOT_SATISFIABLE", `The file has ${bytes} bytes; the range ${header} lies behind its end.`);
}

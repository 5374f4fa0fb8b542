/** Cursors of lists: where the next page begins, opaque to callers and checked when they come back. */
import { createHash } from "node:crypto";
import { invalidOutsideBody } from "../model/api-errors.ts";

const checksumLength = 8;

/**
 * Makes the cursor of the page that begins behind `position`.
 *
 * @param list the list's name: a cursor of one list is none of another.
 */
export function writeCursor(list: string, position: string): string {
  return Buffer.from(checksum(list, position) + position).toString("base64url");
}

/**
 * Reads where a page begins.
 *
 * @param pattern of the text at which a page of this list may end
 * @returns that text; undefined without a cursor
 * @throws ApiError VALIDATION_FAILED for one that was not made by {@link writeCursor} or has been changed
 */
export function readCursor(list: string, cursor: string | undefined, pattern: string): string | undefined {
  if (cursor === undefined) return undefined;
  const decoded = Buffer.from(cursor, "base64url").toString();
  const text = decoded.slice(checksumLength);
  if (decoded.slice(0, checksumLength) === checksum(list, text)) {
    if (new RegExp(pattern).test(text)) return text;
  }
  throw invalidOutsideBody([
    { path: "/cursor", message: "query parameter cursor: is not one that this list has answered" },
  ]);
}

/** Against accidents, not attackers: a forged cursor has a position of the right form and shows nothing of another customer's. */
function checksum(list: string, text: string): string {
  return createHash("sha256").update(`${list}\n${text}`).digest("base64url").slice(0, checksumLength);
}

/** Cuts a list that was read with one row too many, and says where it goes on. */
export function page<Item>(
  list: string,
  items: readonly Item[],
  limit: number,
  position: (item: Item) => string,
): { items: Item[]; nextCursor: string | null } {
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown, nextCursor: items.length > limit && last ? writeCursor(list, position(last)) : null };
}

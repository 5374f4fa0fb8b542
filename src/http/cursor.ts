/** Cursors of lists: where the next page begins, opaque to callers and checked when they come back. */
import { createHash } from "node:crypto";
import { invalid } from "../model/errors.ts";

const checksumLength = 8;

/** @param list the list's name: a cursor of one list is none of another. */
export function writeCursor(list: string, position: readonly string[]): string {
  const text = JSON.stringify(position);
  return Buffer.from(checksum(list, text) + text).toString("base64url");
}

/**
 * @param parts how many parts a position of this list has
 * @throws ApiError VALIDATION_FAILED for one that was not made by {@link writeCursor} or has been changed
 */
export function readCursor(list: string, cursor: string | undefined, parts: number): string[] | null {
  if (cursor === undefined) return null;
  const decoded = Buffer.from(cursor, "base64url").toString();
  const text = decoded.slice(checksumLength);
  if (decoded.slice(0, checksumLength) === checksum(list, text)) {
    const position: unknown = JSON.parse(text);
    if (isPosition(position, parts)) return position;
  }
  throw invalid([{ path: "/cursor", message: "query parameter cursor: is not one that this list has answered" }]);
}

function isPosition(value: unknown, parts: number): value is string[] {
  return Array.isArray(value) && value.length === parts && value.every((part) => typeof part === "string");
}

/** Against accidents, not attackers: a forged cursor shows nothing that its customer may not see. */
function checksum(list: string, text: string): string {
  return createHash("sha256").update(`${list}\n${text}`).digest("base64url").slice(0, checksumLength);
}

/** Cuts a list that was read with one row too many, and says where it goes on. */
export function page<Item>(
  list: string,
  items: readonly Item[],
  limit: number,
  position: (item: Item) => readonly string[],
): { items: Item[]; nextCursor: string | null } {
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown, nextCursor: items.length > limit && last ? writeCursor(list, position(last)) : null };
}

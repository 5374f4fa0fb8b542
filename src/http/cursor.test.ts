import fc from "fast-check";
import { expect, test } from "vitest";
import { codePattern } from "../model/job-definition.ts";
import { page, readCursor, writeCursor } from "./cursor.ts";

const anything = "^[^]*$";

test("a cursor is read back by its own list alone", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (position) => {
      const cursor = writeCursor("jobs", position);
      expect(cursor).toMatch(/^[\w-]+$/);
      expect(readCursor("jobs", cursor, anything)).toBe(position);
      expect(() => readCursor("users", cursor, anything)).toThrow(/not one that this list has answered/);
    }),
  );
});

test("without a cursor there is no position", () => {
  expect(readCursor("jobs", undefined, anything)).toBeUndefined();
});

test("a change of any letter is noticed", () => {
  const cursor = writeCursor("jobs", "20261124-01a20c60-3f3b-7756-9f29-ef0cdafc8403");
  for (let at = 0; at < cursor.length - 1; at += 1) {
    const changed = cursor.slice(0, at) + (cursor[at] === "A" ? "B" : "A") + cursor.slice(at + 1);
    expect(() => readCursor("jobs", changed, anything), String(at)).toThrow();
  }
});

test("a forged cursor whose position no row can have is refused", () => {
  expect(() => readCursor("jobDefinitions", writeCursor("jobDefinitions", "a\u0000"), codePattern)).toThrow();
  expect(readCursor("jobDefinitions", writeCursor("jobDefinitions", "a"), codePattern)).toBe("a");
});

test("a page that was read with one row too many goes on behind its last row", () => {
  const rows = ["a", "b", "c"];
  const first = page("l", rows, 2, (row) => row);
  expect(first.items).toEqual(["a", "b"]);
  expect(readCursor("l", first.nextCursor ?? undefined, anything)).toBe("b");
  expect(page("l", rows, 3, (row) => row)).toEqual({ items: rows, nextCursor: null });
  expect(page("l", [], 3, (row: string) => row)).toEqual({ items: [], nextCursor: null });
});

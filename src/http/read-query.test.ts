import Type from "typebox";
import { expect, test } from "vitest";
import { readQuery } from "./read-query.ts";

const schema = Type.Object({ limit: Type.Optional(Type.Integer()), name: Type.Optional(Type.String()) });

test("whole numbers become numbers where one is expected; all else stays text", () => {
  expect(readQuery(schema, { limit: "-12", name: "12", other: "7" })).toEqual({ limit: -12, name: "12", other: "7" });
  for (const limit of ["", " 1", "1.0", "1e2", "0x1", "true", "1234567890123456"]) {
    expect(readQuery(schema, { limit })).toEqual({ limit });
  }
});

test("a parameter that is given twice is refused", () => {
  expect(() => readQuery(schema, { limit: ["1", "2"] })).toThrow(/^query parameter limit: is given more than once$/);
});

test("a parameter with a character that no text in the database can have is refused", () => {
  expect(() => readQuery(schema, { name: "a\u0000b" })).toThrow(/^query parameter name: must not hold/);
});

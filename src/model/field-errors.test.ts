import Type, { type TSchema } from "typebox";
import { expect, test } from "vitest";
import { compileCheck } from "../schemas/check.ts";
import { Code, closed, JobIdText, nullable } from "../schemas/primitives.ts";
import { escapePointer, fieldErrors } from "./field-errors.ts";

function sentences(schema: TSchema, value: unknown): string[] {
  return compileCheck(schema)
    .explain(value)
    .map((error) => `${error.path}: ${error.message}`);
}

const Either = Type.Union([
  closed({ type: Type.Literal("a"), one: Type.String() }),
  closed({ type: Type.Literal("b"), two: Type.String(), three: Type.Optional(Type.Null()) }),
]);

test.each<[TSchema, unknown, string[]]>([
  [Type.String(), 1, [": must be text"]],
  [Type.Integer(), 1.5, [": must be a whole number"]],
  [Type.Number(), "1", [": must be a number"]],
  [Type.Boolean(), "yes", [": must be true or false"]],
  [Type.Object({}), [], [": must be an object"]],
  [Type.Array(Type.String()), {}, [": must be a list"]],
  [nullable(Type.Integer()), "1", [": must be a whole number"]],
  [nullable(Type.Integer({ minimum: 1 })), 0, [": must be at least 1"]],
  [nullable(Type.Enum(["a", "b"])), "c", [": must be one of a, b"]],
  [nullable(Type.Array(Type.Integer())), ["x", 2, null], ["/0: must be a whole number", "/2: must be a whole number"]],
  [Type.Null(), 1, [": must be null"]],
  [Type.Union([Type.String(), Type.Number()]), true, [": must be text or a number"]],
  [Type.Union([Type.Integer(), Type.String({ maxLength: 1 })]), "ab", [": must have at most 1 characters"]],
  [Type.Enum(["a", "b"]), "c", [": must be one of a, b"]],
  [Type.Literal("a"), "b", [': must be "a"']],
  [Type.String({ minLength: 1 }), "", [": must not be empty"]],
  [Type.String({ minLength: 2 }), "a", [": must have at least 2 characters"]],
  [Type.Array(Type.Null(), { maxItems: 1 }), [null, null], [": must have at most 1 entries"]],
  [Type.Integer({ maximum: 9 }), 10, [": must be at most 9"]],
  [Type.String({ format: "email" }), "a", [": must be an email address such as name@example.com"]],
  [Type.String({ format: "date" }), "2026-02-30", [": must be a day of the calendar such as 2026-11-24"]],
  [Type.String({ format: "date-time" }), "now", [": must be an RFC 3339 time such as 2026-11-24T06:00:00Z"]],
  [Code, ".", [": must be 1–128 letters, digits, dots, dashes and underscores, with a letter or digit first"]],
  [JobIdText, "1", [": is not a job id; one looks like 20240302-f3eb6180-9fc0-43c6-9fe3-528cc4981f2c"]],
  [Either, { type: "a" }, ["/one: is missing"]],
  [
    Either,
    { type: "b", two: 1, one: "" },
    ["/one: is not known here; remove it or correct its name", "/two: must be text"],
  ],
  [Either, { type: "c" }, ["/type: must be one of a, b"]],
  [Either, {}, ["/type: is missing"]],
  [Either, 1, [": must be an object"]],
  [
    closed({ e: Type.Array(Either) }),
    { e: [{ type: "a" }, { type: "b" }] },
    ["/e/0/one: is missing", "/e/1/two: is missing"],
  ],
  [
    closed({ a: closed({ b: Type.Null() }) }),
    { a: { c: 1 }, "d/e~": 2 },
    [
      "/d~1e~0: is not known here; remove it or correct its name",
      "/a/c: is not known here; remove it or correct its name",
      "/a/b: is missing",
    ],
  ],
])("%j does not take %j", (schema, value, expected) => {
  expect(sentences(schema, value).sort()).toEqual([...expected].sort());
});

test("an unknown pattern and format are told as they are", () => {
  expect(sentences(Type.String({ pattern: "^x$" }), "y")).toEqual([': must match pattern "^x$"']);
});

test("at most 20 faults, whatever there are; a prefix stands before each", () => {
  const fields = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`f${index}`, 1]));
  expect(sentences(closed({}), fields)).toHaveLength(20);
  const complaint = { keyword: "minimum", instancePath: "/a", params: { limit: 1 }, message: "must be >= 1" };
  expect(fieldErrors([complaint, complaint], "/params")).toEqual([
    { path: "/params/a", message: "must be at least 1" },
  ]);
});

test("a name becomes a part of a pointer", () => {
  expect(escapePointer("a/b~c")).toBe("a~1b~0c");
  expect(escapePointer("~1")).toBe("~01");
});

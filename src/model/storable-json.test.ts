import fc from "fast-check";
import { expect, test } from "vitest";
import { storableJson, storableText } from "./storable-json.ts";

test("U+0000 and lone surrogates become U+FFFD, in values and in names", () => {
  expect(storableText("a\u0000b\ud800c\udc00")).toBe("a\ufffdb\ufffdc\ufffd");
  expect(JSON.parse(storableJson({ "k\u0000": ["\ud800", { x: "😀\u0000" }] }))).toEqual({
    "k\ufffd": ["\ufffd", { x: "😀\ufffd" }],
  });
});

test("whatever JSON can say is written so that PostgreSQL takes it, and otherwise unchanged", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (value, text) => {
      const written = storableJson({ value, text });
      expect(written).not.toMatch(/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/);
      if (JSON.stringify(value).isWellFormed() && !JSON.stringify({ value, text }).includes("\\u")) {
        expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify({ value, text })));
      }
    }),
  );
});

test("a text that only spells the escape stays", () => {
  expect(JSON.parse(storableJson({ a: "\\u0000" }))).toEqual({ a: "\\u0000" });
});

test("undefined is null; what JSON cannot say throws", () => {
  expect(storableJson(undefined)).toBe("null");
  expect(() => storableJson(1n)).toThrow(TypeError);
});

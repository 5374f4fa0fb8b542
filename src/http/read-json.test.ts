import fc from "fast-check";
import { expect, test } from "vitest";
import { ApiError } from "../model/api-errors.ts";
import { readJson } from "./read-json.ts";

function refusal(text: string | Uint8Array): ApiError {
  try {
    readJson(Buffer.from(text));
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error(`was taken: ${String(text).slice(0, 100)}`);
}

test("an empty body is none; null is a value", () => {
  expect(readJson(Buffer.from(""))).toBeUndefined();
  expect(readJson(Buffer.from(" \r\n\t"))).toBeUndefined();
  expect(readJson(Buffer.from("null"))).toBeNull();
});

test("what JSON can say and PostgreSQL can hold is read as JSON.parse reads it", () => {
  const storable = fc
    .jsonValue({ maxDepth: 5 })
    .map((value) => JSON.stringify(value))
    .filter((text) => !/\\u|__proto__/.test(text));
  fc.assert(
    fc.property(storable, (text) => {
      expect(readJson(Buffer.from(text))).toEqual(JSON.parse(text));
    }),
  );
  expect(readJson(Buffer.from('"\\ud83d\\ude00"'))).toBe("😀");
  expect(readJson(Buffer.from('"caf\\u00e9 e10 1e999"'))).toBe("café e10 1e999");
});

test("64 levels are read, 65 refused; brackets in strings are none", () => {
  const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}1${"}]".repeat(depth / 2)}`;
  expect(readJson(Buffer.from(nested(64)))).toBeDefined();
  expect(refusal(`[${nested(64)}]`)).toMatchObject({
    code: "VALIDATION_FAILED",
    errors: [{ path: "", message: expect.stringContaining("64") }],
  });
  expect(readJson(Buffer.from(JSON.stringify(["[".repeat(100), '\\"[['.repeat(100)])))).toHaveLength(2);
});

test.each([
  ['{"a":{"b":["x",{"c":"\\u0000"}]}}', "/a/b/1/c"],
  ['{"a\\u0000":1}', "/a\u0000"],
  ['["\\ud800"]', "/0"],
  ['["\\udc00\\ud800"]', "/0"],
  ['{"x/y~z":"\\ud800"}', "/x~1y~0z"],
  ['{"__proto__":1}', "/__proto__"],
  ['{"\\u005f\\u005fproto__":1}', "/__proto__"],
  ['{"a":1e309}', "/a"],
  ['{"a":[-1E+400]}', "/a/0"],
  [`{"a":${"9".repeat(310)}}`, "/a"],
  [`{"a":${"9".repeat(305)}e9}`, "/a"],
])("%s is refused with a pointer", (text, path) => {
  expect(refusal(text)).toMatchObject({ code: "VALIDATION_FAILED", errors: [{ path }] });
});

test.each(["1e308", "1e-400", "123456789012345678901234567890", "0.1e1", "-0"])("the number %s is read", (text) => {
  expect(readJson(Buffer.from(text))).toBe(Number(text));
});

test("what is no UTF-8 is refused, and a name that only looks like `__proto__` is not", () => {
  for (const bytes of [[0xff], [0xc0, 0x80], [0x22, 0xed, 0xa0, 0x80, 0x22], [0xf5, 0x80, 0x80, 0x80]]) {
    expect(refusal(new Uint8Array(bytes)).code).toBe("MALFORMED_JSON");
  }
  expect(readJson(Buffer.from('{"a":"__proto__","__proto":1,"constructor":2}'))).toEqual({
    a: "__proto__",
    __proto: 1,
    constructor: 2,
  });
});

test("at most 20 faults are told", () => {
  expect(refusal(JSON.stringify(Array(100).fill("\u0000"))).errors).toHaveLength(20);
});

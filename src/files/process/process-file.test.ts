import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { FileTask } from "../../model/file-work.ts";
import { processFile } from "./process-file.ts";

const plainTask = {
  parseOptions: {},
  isRejects: false,
  isCut: false,
  sourceSchema: null,
  targetSchema: null,
  transformers: [],
  recordIdentifierField: null,
  target: null,
  sample: null,
} satisfies Partial<FileTask>;

async function work(
  filename: string,
  content: string | Buffer,
  task: Partial<FileTask>,
  options: {
    signal?: AbortSignal;
    silenceMs?: number;
    memoryMiB?: number;
    take?: (content: Readable) => Promise<string>;
  } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "punctual-file-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "source"), content);
  const source = openSync(join(folder, "source"), "r");
  onTestFinished(() => closeSync(source));
  let target = "";
  let errors = "";
  const outcome = await processFile(
    { ...plainTask, filename, bytes: Buffer.byteLength(content), ...task },
    {
      source,
      signal: options.signal ?? new AbortController().signal,
      progress: () => undefined,
      target: async (content) => {
        target = await (options.take ?? text)(content);
      },
      errors: async (content) => {
        errors = await text(content);
      },
    },
    { memoryMiB: options.memoryMiB ?? 192, silenceMs: options.silenceMs ?? 60_000 },
  );
  const refused: unknown[] = errors
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return { outcome, target, refused };
}

const orders = "id,amount,when\n1,10.5,2026-01-02\n2,lots,2026-01-03\n3,7\n4,1,yesterday\n5,2,2026-02-01\n";
const schema = {
  type: "object",
  required: ["id", "amount"],
  properties: { id: { type: "integer" }, amount: { type: "number" }, when: { type: "string", format: "date" } },
};

test("good records come out in the target's format, bad ones with line, identifier, pointer and message", async () => {
  const { outcome, target, refused } = await work("orders.csv", orders, {
    sourceSchema: schema,
    recordIdentifierField: "id",
    target: { format: "jsonl" },
  });
  expect(outcome).toMatchObject({ kind: "done", counts: { read: 5, valid: 2, invalid: 3, dropped: 0 } });
  expect(target).toBe('{"id":1,"amount":10.5,"when":"2026-01-02"}\n{"id":5,"amount":2,"when":"2026-02-01"}\n');
  expect(refused).toEqual([
    {
      line: 3,
      number: 2,
      identifier: "2",
      step: "sourceSchema",
      pointer: "/amount",
      message: "must be number",
      values: "texts",
      record: { id: "2", amount: "lots", when: "2026-01-03" },
    },
    {
      line: 4,
      number: 3,
      identifier: null,
      step: "parse",
      pointer: "",
      message: "has 2 fields, where 3 are expected",
      values: "texts",
      record: ["3", "7"],
    },
    {
      line: 5,
      number: 4,
      identifier: "4",
      step: "sourceSchema",
      pointer: "/when",
      message: 'must match format "date"',
      values: "texts",
      record: { id: "4", amount: "1", when: "yesterday" },
    },
  ]);
});

test("mappings and expressions, one after another; what an expression makes nothing of is dropped", async () => {
  const { outcome, target, refused } = await work("orders.csv", orders, {
    transformers: [
      { type: "jsonata", expression: "when = '2026-02-01' ? undefined : $" },
      {
        type: "mapping",
        fields: {
          "order.id": { from: "id", type: "integer" },
          "order.amount": { from: "amount", type: "number" },
          source: { value: "shop" },
        },
        schema: { type: "object", properties: { order: { type: "object", properties: { id: { maximum: 3 } } } } },
      },
    ],
    target: { format: "jsonl" },
  });
  expect(outcome).toMatchObject({ counts: { read: 5, valid: 1, invalid: 3, dropped: 1 } });
  expect(target).toBe('{"order":{"id":1,"amount":10.5},"source":"shop"}\n');
  expect(refused).toMatchObject([
    { step: "transformers/1", message: 'order.amount: "lots" is no number' },
    { step: "parse" },
    { step: "transformers/1/schema", pointer: "/order/id", message: "must be <= 3" },
  ]);
});

test("the refused records alone are run again from the file of errors", async () => {
  const first = await work("orders.csv", orders, { sourceSchema: schema, target: { format: "jsonl" } });
  const lines = first.refused.map((line) => `${JSON.stringify(line)}\n`).join("");
  const again = await work("orders.csv.20260101_000000.errors.jsonl", lines, {
    isRejects: true,
    target: { format: "jsonl" },
  });
  expect(again.outcome).toMatchObject({ counts: { read: 3, valid: 3 } });
  expect(again.target.split("\n")[0]).toBe('{"id":"2","amount":"lots","when":"2026-01-03"}');
});

test.each([
  ["o.csv", "id,amount,qty\n007,lots,5\n", {}],
  ["o.xml", "<r><o><id>007</id><amount>lots</amount><qty>5</qty></o></r>", { recordPath: "/r/o" }],
])(
  "a refused record of %s is kept as it was, and run again as it was read at first",
  async (name, content, parseOptions) => {
    const wanting = (amount: string) => ({
      sourceSchema: {
        required: ["id", "amount", "qty"],
        properties: { id: { type: "string" }, amount: { type: amount }, qty: { type: "integer" } },
      },
      targetSchema: { properties: { qty: { type: "integer" } } },
      target: { format: "jsonl" as const },
    });
    const strict = {
      ...wanting("number"),
      sourceSchema: {
        ...wanting("number").sourceSchema,
        properties: { id: { type: "integer" }, amount: { type: "number" } },
      },
    };
    const first = await work(name, content, { ...strict, parseOptions });
    expect(first.refused).toMatchObject([
      { pointer: "/amount", values: "texts", record: { id: "007", amount: "lots", qty: "5" } },
    ]);
    const lines = `${JSON.stringify(first.refused[0])}\n`;
    const again = await work(`${name}.errors.jsonl`, lines, { ...wanting("string"), isRejects: true });
    expect(again.refused).toEqual([]);
    expect(again.target).toBe('{"id":"007","amount":"lots","qty":5}\n');
    expect((await work(`${name}.errors.jsonl`, lines, { ...strict, isRejects: true })).refused).toEqual(first.refused);
  },
);

test("a refused record with types of its own keeps them when it is run again", async () => {
  const sourceSchema = { properties: { a: { type: "integer" } } };
  const first = await work("a.jsonl", '{"a":"1"}\n', { sourceSchema });
  expect(first.refused).toMatchObject([{ values: "typed", record: { a: "1" } }]);
  const lines = `${JSON.stringify(first.refused[0])}\n`;
  expect((await work("a.errors.jsonl", lines, { sourceSchema, isRejects: true })).refused).toEqual(first.refused);
});

test("a record that the target's format cannot hold is refused alone", async () => {
  const content = '{"a":1}\n{"a":2,"b":3}\n{"a":4}\n';
  const { outcome, target, refused } = await work("a.jsonl", content, { target: { format: "delimited" } });
  expect(outcome).toMatchObject({ kind: "done", counts: { read: 3, valid: 2, invalid: 1 } });
  expect(target).toBe("a\n1\n4\n");
  expect(refused).toMatchObject([{ number: 2, step: "target", record: { a: 2, b: 3 } }]);
});

test("a sample shows what each step made of the first records", async () => {
  const { outcome } = await work("orders.csv", orders, {
    sample: 2,
    sourceSchema: schema,
    transformers: [{ type: "mapping", fields: { id: "id" } }],
  });
  expect(outcome).toMatchObject({
    isWhole: false,
    sample: [
      {
        number: 1,
        line: 2,
        outcome: "valid",
        problems: [],
        steps: [
          { step: "parse", value: { id: "1" } },
          { step: "sourceSchema", value: { id: 1 } },
          { step: "transformers/0", value: { id: 1 } },
        ],
      },
      { number: 2, outcome: "refused", problems: [{ step: "sourceSchema" }], steps: [{ step: "parse" }] },
    ],
  });
});

test.each<[string, Partial<FileTask>, RegExp]>([
  [
    "an expression that is none",
    { transformers: [{ type: "jsonata", expression: "(" }] },
    /transformers\/0: the expression is no JSONata/,
  ],
  [
    "a pattern that RE2 has not",
    { sourceSchema: { properties: { id: { pattern: "(?=a)" } } } },
    /sourceSchema cannot be used/,
  ],
  [
    "a schema of another place",
    { sourceSchema: { $ref: "https://example.com/schema" } },
    /sourceSchema cannot be used/,
  ],
  [
    "a path into the prototype",
    { transformers: [{ type: "mapping", fields: { "__proto__.x": "id" } }] },
    /is no path of names/,
  ],
  ["a name of no element", { target: { format: "xml", rootElement: "1 x" } }, /targetFormat\/rootElement/],
  ["another format than the file's", { parseOptions: { format: "excel" } }, /parseOptions\/format/],
])("%s is a fault of the params", async (_name, task, message) => {
  const { outcome } = await work("orders.csv", orders, task);
  expect(outcome).toMatchObject({ kind: "fault", about: "params", message: expect.stringMatching(message) });
});

test("a pattern that would backtrack for ever does not", async () => {
  const sourceSchema = { properties: { id: { pattern: "^(a+)+$" } } };
  const { outcome } = await work("a.csv", `id\n${"a".repeat(50_000)}!\n`, { sourceSchema });
  expect(outcome).toMatchObject({ counts: { invalid: 1 } });
});

test.each<[string, string, { silenceMs?: number; memoryMiB?: number }, RegExp]>([
  [
    "loops",
    "($f := function($x) { $f($x + 1) }; $f(0))",
    { silenceMs: 1_000 },
    /takes longer than 1 s behind record 0/,
  ],
  ["grows", "[1..9999999].($string($) & $pad('', 40, 'x'))", { memoryMiB: 48 }, /needs more memory than 48 MiB/],
])("an expression that %s ends its process alone", async (_how, expression, limits, message) => {
  const transformers = [{ type: "jsonata" as const, expression }];
  const { outcome } = await work("a.csv", "id\n1\n", { transformers }, limits);
  expect(outcome).toMatchObject({ kind: "fault", about: "file", message: expect.stringMatching(message) });
});

test("aborted work ends with the reason", async () => {
  const abort = new AbortController();
  const looping = [{ type: "jsonata" as const, expression: "($f := function($x) { $f($x + 1) }; $f(0))" }];
  const going = work("a.csv", "id\n1\n", { transformers: looping }, { signal: abort.signal });
  abort.abort(new Error("enough"));
  await expect(going).rejects.toThrow("enough");
});

const many = `id\n${"1234567890\n".repeat(300_000)}`;

test("work whose target nobody takes for longer than the silence waits, and goes on", async () => {
  const take = async (content: Readable): Promise<string> => {
    await new Promise((resolve) => content.once("readable", resolve));
    await pause(3_000);
    return text(content);
  };
  const { outcome } = await work("a.csv", many, { target: { format: "jsonl" } }, { silenceMs: 2_000, take });
  expect(outcome).toMatchObject({ kind: "done", counts: { valid: 300_000 } });
});

test("a process that is killed from outside is no fault of the file's", async () => {
  const take = async (content: Readable): Promise<string> => {
    await new Promise((resolve) => content.once("readable", resolve));
    const pids = execFileSync("pgrep", ["-P", String(process.pid), "-f", "file-process"], { encoding: "utf8" });
    for (const pid of pids.split("\n").filter(Boolean)) process.kill(Number(pid), "SIGKILL");
    return text(content);
  };
  await expect(work("a.csv", many, { target: { format: "jsonl" } }, { take })).rejects.toThrow(
    /ended by SIGKILL from outside/,
  );
});

test("expressions that are slow together, and end each, are not taken for stuck", async () => {
  const transformers = [{ type: "jsonata" as const, expression: "{'n': $sum([1..5000].($ * 2))}" }];
  const { outcome } = await work("a.csv", `id\n${"1\n".repeat(300)}`, { transformers }, { silenceMs: 2_000 });
  expect(outcome).toMatchObject({ kind: "done", counts: { valid: 300 } });
});

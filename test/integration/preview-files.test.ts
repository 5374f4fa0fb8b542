/** `POST /buckets/{code}/_preview`: what a job would make of a file's first records. */
import { execFile } from "node:child_process";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { addCustomer, addPerson } from "../support/customers.ts";
import { upload } from "../support/files.ts";
import { sender, statusAndCode } from "../support/http.ts";
import { openTestNode } from "../support/nodes.ts";

// Each file is worked on in a process of its own.
vi.setConfig({ testTimeout: 120_000 });

let node: Awaited<ReturnType<typeof openTestNode>>;

beforeAll(async () => {
  node = await openTestNode({ services: "byHand" });
});

afterAll(() => node.close());

const preview = (body: object, by: Parameters<typeof sender>[0] = node) =>
  sender(by)("POST", "/buckets/incoming/_preview", body);

const put = (filename: string, content: Parameters<typeof upload>[2][number][1]) =>
  upload(node, "incoming", [[filename, content]]);

const orders = "id,amount\n1,10.5\n2,lots\n3,7\n";
const sourceSchema = {
  type: "object",
  required: ["id", "amount"],
  properties: { id: { type: "integer" }, amount: { type: "number" } },
};

test("a file is shown by its name alone", async () => {
  await put("orders.csv", orders);
  expect(await preview({ filename: "orders.csv" })).toMatchObject({
    status: 200,
    body: {
      filename: "orders.csv",
      bytes: orders.length,
      complete: true,
      fault: null,
      records: [
        {
          number: 1,
          line: 2,
          outcome: "valid",
          problems: [],
          steps: [{ step: "parse", value: { id: "1" }, cut: null }],
        },
        { number: 2 },
        { number: 3, line: 4 },
      ],
    },
  });
});

test("each step shows what it left of a record, and a refused one all that is wrong with it", async () => {
  await put("steps.csv", `${orders}x,y\n`);
  const { body } = await preview({
    filename: "steps.csv",
    sourceSchema,
    recordIdentifierField: "id",
    transformers: [
      { type: "mapping", fields: { key: "id", total: "amount" }, schema: { properties: { total: { maximum: 100 } } } },
      { type: "jsonata", expression: "total > 10 ? $merge([$, {'large': true}]) : null" },
    ],
    targetSchema: { required: ["large"] },
  });
  expect(body).toMatchObject({
    records: [
      {
        identifier: "1",
        outcome: "valid",
        steps: [
          { step: "parse", value: { id: "1", amount: "10.5" } },
          { step: "sourceSchema", value: { id: 1, amount: 10.5 } },
          { step: "transformers/0", value: { key: 1, total: 10.5 } },
          { step: "transformers/0/schema", value: { key: 1, total: 10.5 } },
          { step: "transformers/1", value: { key: 1, total: 10.5, large: true } },
          { step: "targetSchema", value: { key: 1, total: 10.5, large: true } },
        ],
      },
      {
        outcome: "refused",
        steps: [{ step: "parse" }],
        problems: [{ step: "sourceSchema", pointer: "/amount", message: "must be number" }],
      },
      { outcome: "dropped", problems: [] },
      {
        outcome: "refused",
        problems: [
          { step: "sourceSchema", pointer: "/id" },
          { step: "sourceSchema", pointer: "/amount" },
        ],
      },
    ],
  });
});

test("20 records are shown, also of a packed file, and the rest of it may be broken", async () => {
  const lines = Array.from({ length: 30 }, (_, index) => `{"id":${index + 1}}\n`).join("");
  await put("many.jsonl.gz", gzipSync(lines));
  const { body } = await preview({ filename: "many.jsonl.gz" });
  expect(body).toMatchObject({ complete: false, fault: null, records: { length: 20, 19: { number: 20 } } });
});

test("the records in a file of errors are shown as they would be run again", async () => {
  const refused = {
    line: 3,
    number: 2,
    identifier: "2",
    step: "sourceSchema",
    pointer: "/a",
    message: "m",
    record: { id: 2 },
  };
  await put("a.csv.20260101_000000.errors.jsonl", `${JSON.stringify(refused)}\nnot one\n`);
  const { body } = await preview({ rejectsOf: "a.csv.20260101_000000.errors.jsonl" });
  expect(body).toMatchObject({
    records: [
      { number: 2, line: 3, outcome: "valid", steps: [{ value: { id: 2 } }] },
      { outcome: "refused", problems: [{ step: "parse", pointer: "" }] },
    ],
  });
});

describe("what is wrong with the file is said, behind the records before it", () => {
  test.each([
    ["an open quote", "quote.csv", 'id,b\n1,2\n3,"4\n', {}, { line: 3, afterRecord: 1, message: /quote is opened/ }],
    ["another encoding", "latin.csv", Buffer.from("id\ncafé\n", "latin1"), {}, { message: /is not utf-8/ }],
    ["half a JSON file", "half.json", '[{"a":1},{"a":', {}, { line: 1, afterRecord: 1, message: /ends before/ }],
    [
      "broken XML",
      "b.xml",
      "<r><o>1</o><o a=></o></r>",
      { recordPath: "/r/o" },
      { afterRecord: 1, message: /not XML/ },
    ],
    ["no Excel file", "no.xlsx", "text", {}, { line: null, message: /./ }],
    ["no gzip", "no.csv.gz", "id\n1\n", {}, { message: /not gzip/ }],
    ["nothing", "empty.csv", "", {}, { afterRecord: 0, message: /is empty/ }],
    ["no known format", "data.bin", "id\n1\n", {}, { message: /format of data.bin is not known/ }],
  ])("%s", async (_what, filename, content, parseOptions, { message, ...fault }) => {
    await put(filename, typeof content === "string" ? content : new Uint8Array(content));
    expect(await preview({ filename, parseOptions })).toMatchObject({
      status: 200,
      body: { complete: false, fault: { about: "file", message: expect.stringMatching(message), ...fault } },
    });
  });
});

test("what could be used with no file is refused with a pointer", async () => {
  await put("any.csv", orders);
  const pathsOf = async (body: object) => {
    const answer = await preview({ filename: "any.csv", ...body });
    expect(statusAndCode(answer)).toBe("400 VALIDATION_FAILED");
    return [...answer.text.matchAll(/"path":"([^"]*)"/g)].map(([, path]) => path);
  };
  expect(await pathsOf({ sourceSchema: { properties: { id: { pattern: "(?=a)" } } } })).toEqual(["/sourceSchema"]);
  expect(await pathsOf({ transformers: [{ type: "jsonata", expression: "(" }] })).toEqual(["/transformers/0"]);
  const schema = { $ref: "https://example.com/other" };
  expect(await pathsOf({ transformers: [{ type: "mapping", fields: { a: "id" }, schema }] })).toEqual([
    "/transformers/0/schema",
  ]);
  expect(await pathsOf({ parseOptions: { encoding: "klingon", sheets: 1 } })).toEqual(["/parseOptions/sheets"]);
  expect(await pathsOf({ parseOptions: { encoding: "klingon" } })).toEqual(["/parseOptions/encoding"]);
  expect(await pathsOf({ rejectsOf: "another" })).toEqual(["/filename"]);
  expect(await pathsOf({ filenamePattern: "*" })).toEqual(["/filenamePattern"]);
});

test("values too large or too deep to be looked at are cut, and large records are fewer", async () => {
  const large = { text: "x".repeat(70_000) };
  const deep = `${'{"a":'.repeat(62)}1${"}".repeat(62)}`;
  const wide = JSON.stringify({ text: "y".repeat(60_000) });
  await put("large.jsonl", `${JSON.stringify(large)}\n${deep}\n${`${wide}\n`.repeat(40)}`);
  const expression = `{"inner": ${'{"b":'.repeat(10)}$${"}".repeat(10)}}`;
  const { body, text } = await preview({ filename: "large.jsonl", transformers: [{ type: "jsonata", expression }] });
  expect(body).toMatchObject({
    fault: null,
    complete: false,
    records: {
      0: {
        outcome: "valid",
        steps: [{ value: null, cut: expect.stringMatching(/^\{"text":"x{900}/) }, { value: null }],
      },
      1: { steps: [{ cut: null }, { step: "transformers/0", value: null, cut: expect.stringMatching(/^\{"inner"/) }] },
      2: { steps: [{ cut: null }, { cut: null }] },
    },
  });
  expect(text.length).toBeLessThan(1_300_000);
});

test("an expression that loops ends its preview alone, and the records before it are shown", async () => {
  await put("loops.csv", "id\n1\n2\n3\n");
  const expression = "id = '3' ? ($f := function($x) { $f($x + 1) }; $f(0)) : $";
  expect(await preview({ filename: "loops.csv", transformers: [{ type: "jsonata", expression }] })).toMatchObject({
    status: 200,
    body: {
      records: { length: 2 },
      fault: {
        about: "preview",
        afterRecord: 2,
        message: expect.stringMatching(/longer than 6 s behind record 2|memory/),
      },
    },
  });
});

test("previews of one customer that do not end keep no other customer's waiting", async () => {
  const other = await addCustomer(node, "neighbour");
  await upload(other, "incoming", [["a.csv", "id\n1\n"]]);
  await put("held.csv", "id\n1\n");
  const release = await holdFile("held.csv");
  // As many as there are places.
  const held = [preview({ filename: "held.csv" }), preview({ filename: "held.csv" })];
  try {
    expect(await preview({ filename: "a.csv" }, other)).toMatchObject({
      status: 200,
      body: { records: { length: 1 } },
    });
  } finally {
    await release();
  }
  for (const { status } of await Promise.all(held)) expect(status).toBe(200);
});

/** Puts a pipe in the place of a file's bytes: whoever opens it waits until it is let go. */
async function holdFile(filename: string): Promise<() => Promise<void>> {
  const [found] = await node.database.sql<{ blobId: string }[]>`
    select blob_id as "blobId" from bucket_file where filename = ${filename}`;
  if (!found) throw new Error(`there is no ${filename}`);
  const path = join(node.dataDir, "files", found.blobId.slice(-2), found.blobId);
  await rm(path);
  await promisify(execFile)("mkfifo", [path]);
  return async () => {
    const end = await open(path, "r+");
    onTestFinished(() => end.close());
  };
}

test("of a large file the beginning is looked at; what begins behind it is said to", async () => {
  const padding = " ".repeat(1024 * 1024);
  await put("large.json", `${padding.repeat(33)}[{"id":1}]`);
  expect((await preview({ filename: "large.json" })).body).toMatchObject({
    records: [],
    fault: { about: "preview", message: expect.stringContaining("the first 33554432 bytes") },
  });
  await put("front.csv", `id\n1\n2\n${"3\n".repeat(20)}${"x".repeat(33 * 1024 * 1024)}`);
  expect((await preview({ filename: "front.csv" })).body).toMatchObject({ records: { length: 20 }, fault: null });
  await put("large.xlsx", padding.repeat(33));
  expect((await preview({ filename: "large.xlsx" })).body).toMatchObject({
    fault: { about: "preview", message: expect.stringContaining("Excel") },
  });
});

test("viewers may look; nobody sees another customer's file, or learns of it", async () => {
  await put("mine.csv", orders);
  const viewer = await addPerson(node, "viewer");
  expect((await preview({ filename: "mine.csv" }, viewer)).status).toBe(200);
  const other = await addCustomer(node, "other");
  expect(statusAndCode(await preview({ filename: "mine.csv" }, other))).toBe("404 NOT_FOUND");
  expect(statusAndCode(await preview({ filename: "none.csv" }))).toBe("404 NOT_FOUND");
  expect(statusAndCode(await sender(node)("POST", "/buckets/none/_preview", { filename: "mine.csv" }))).toBe(
    "404 NOT_FOUND",
  );
  expect(statusAndCode(await preview({ filename: "../../etc/passwd" }))).toBe("404 NOT_FOUND");
  expect(statusAndCode(await preview({ filename: "a\u0000b" }))).toBe("400 VALIDATION_FAILED");
});

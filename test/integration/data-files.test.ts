/** `validateDataFiles` and `transformDataFiles`, end to end. */
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { addCustomer } from "../support/customers.ts";
import { download, upload } from "../support/files.ts";
import { sender, statusAndCode } from "../support/http.ts";
import { openTestNode, startTestNode, type TestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

// Each file is worked on in a process of its own.
vi.setConfig({ testTimeout: 120_000 });

let node: Awaited<ReturnType<typeof openTestNode>>;

beforeAll(async () => {
  node = await openTestNode();
});

afterAll(() => node.close());

const orders = "id,amount\n1,10.5\n2,lots\n3,7\n";
const schema = {
  type: "object",
  required: ["id", "amount"],
  properties: { id: { type: "integer" }, amount: { type: "number" } },
};

type Params = Record<string, unknown>;

async function run(jobType: string, params: Params, on: TestNode = node) {
  const { jobId } = await on.api.jobTypes.execute(jobType, { params });
  return waitForJob(on.api, jobId);
}

/** A bucket of its own for each test, so that they may share a node. */
let made = 0;
async function newBucket(files: Parameters<typeof upload>[2], on: TestNode = node): Promise<string> {
  const bucketCode = `bucket-${++made}`;
  await sender(on)("PUT", `/buckets/${bucketCode}`);
  if (files.length > 0) await upload(on, bucketCode, files);
  return bucketCode;
}

async function namesIn(bucketCode: string, on: TestNode = node): Promise<string[]> {
  const { text } = await sender(on)("GET", `/buckets/${bucketCode}/files`);
  return [...text.matchAll(/"filename":"([^"]+)"/g)].map(([, name = ""]) => name);
}

const errorsOf = (name: string): unknown =>
  expect.stringMatching(new RegExp(`^${name.replaceAll(".", "\\.")}\\.\\d{8}_\\d{6}\\.errors\\.jsonl$`));

test("records that are not valid go into a file of errors, the rest are counted, and the file moves with it", async () => {
  const [bucket, done] = [await newBucket([["orders.csv", orders]]), await newBucket([])];
  const job = await run("validateDataFiles", {
    incomingBucketCode: bucket,
    filenamePattern: "orders*",
    sourceSchema: schema,
    recordIdentifierField: "id",
    skipInvalidRecords: true,
    processedBucketCode: done,
  });
  expect(job).toMatchObject({
    status: "COMPLETED",
    result: {
      files: [
        {
          filename: "orders.csv",
          status: "processed",
          read: 3,
          valid: 2,
          invalid: 1,
          dropped: 0,
          target: null,
          errors: { bucketCode: done, filename: errorsOf("orders.csv") },
          movedTo: done,
          fault: null,
        },
      ],
      omitted: 0,
      held: 0,
      totals: { files: 1, read: 3, valid: 2, invalid: 1, dropped: 0 },
    },
  });
  expect(await namesIn(bucket)).toEqual([]);
  const names = await namesIn(done);
  expect(names).toEqual(["orders.csv", errorsOf("orders.csv")]);
  const errors = await download(node, done, names[1] ?? "");
  expect(JSON.parse(errors.text)).toEqual({
    line: 3,
    number: 2,
    identifier: "2",
    step: "sourceSchema",
    pointer: "/amount",
    message: "must be number",
    values: "texts",
    record: { id: "2", amount: "lots" },
  });
  expect((await download(node, done, "orders.csv")).text).toBe(orders);
});

test("without skipInvalidRecords the job fails, makes no target, and the file goes to the invalid bucket", async () => {
  const [bucket, bad, target] = [
    await newBucket([
      ["a.csv", "id,amount\n1,2\n"],
      ["b.csv", orders],
    ]),
    await newBucket([]),
    await newBucket([]),
  ];
  const job = await run("transformDataFiles", {
    incomingBucketCode: bucket,
    filenamePattern: "*.csv",
    sourceSchema: schema,
    invalidBucketCode: bad,
    targetBucketCode: target,
    targetFormat: { format: "jsonl" },
  });
  expect(job).toMatchObject({
    status: "FAILED",
    error: {
      code: "RECORDS_INVALID",
      message: expect.stringContaining("b.csv: 1 of 3 records are not valid"),
      details: { files: [{ status: "processed" }, { status: "invalid", invalid: 1 }], totals: { read: 4, invalid: 1 } },
    },
  });
  expect(await namesIn(bad)).toEqual(["b.csv", errorsOf("b.csv")]);
  expect(await namesIn(bucket)).toEqual(["a.csv"]);
  expect(await namesIn(target)).toEqual(["a.jsonl"]);
  expect(await node.database.sql`select from blob where state = 'pending'`).toHaveLength(0);
});

test("records are transformed into another format, and the refused ones alone are run again", async () => {
  const [bucket, target] = [await newBucket([["orders.csv.gz", gzipSync(orders)]]), await newBucket([])];
  const params = {
    incomingBucketCode: bucket,
    filenamePattern: "orders*",
    sourceSchema: schema,
    transformers: [
      { type: "mapping", fields: { key: "id", total: { from: "amount", type: "number" }, source: { value: "shop" } } },
      { type: "jsonata", expression: "total > 100 ? null : $merge([$, {'double': total * 2}])" },
    ],
    targetSchema: { type: "object", required: ["key", "double"] },
    skipInvalidRecords: true,
    targetBucketCode: target,
    targetFilenamePattern: "{name}-{{job.attempt}}.json.gz",
    targetFormat: { format: "json", compression: "gzip" },
  };
  const job = await run("transformDataFiles", params);
  expect(job).toMatchObject({
    status: "COMPLETED",
    result: { files: [{ target: { bucketCode: target, filename: "orders-1.json.gz" } }], totals: { valid: 2 } },
  });
  const answer = await fetch(`${node.origin}/vue/_api/v1/buckets/${target}/download?filename=orders-1.json.gz`, {
    headers: { authorization: `Bearer ${node.apiKey}`, "x-customer-code": "demo" },
  });
  expect(JSON.parse(gunzipSync(Buffer.from(await answer.arrayBuffer())).toString())).toEqual([
    { key: 1, total: 10.5, source: "shop", double: 21 },
    { key: 3, total: 7, source: "shop", double: 14 },
  ]);
  expect(await namesIn(bucket), "where no bucket is given the file stays").toEqual([
    "orders.csv.gz",
    errorsOf("orders.csv.gz"),
  ]);

  const { filenamePattern: _, sourceSchema: __, ...again } = params;
  const errors = (await namesIn(bucket))[1] ?? "";
  const rerun = await run("transformDataFiles", {
    ...again,
    rejectsOf: errors,
    transformers: [{ type: "jsonata", expression: "{'key': id, 'double': 0}" }],
    targetFilenamePattern: "rest.jsonl",
    targetFormat: { format: "jsonl" },
  });
  expect(rerun).toMatchObject({ status: "COMPLETED", result: { totals: { read: 1, valid: 1 } } });
  expect((await download(node, target, "rest.jsonl")).text).toBe('{"key":"2","double":0}\n');
});

test("of the files that match, the last is worked on and the earlier are skipped", async () => {
  const [bucket, skipped, done] = [
    await newBucket([
      ["d_2.csv", orders],
      ["d_3.csv", "id,amount\n1,1\n"],
      ["d_1.csv", "not,looked\nat"],
    ]),
    await newBucket([]),
    await newBucket([]),
  ];
  const job = await run("validateDataFiles", {
    incomingBucketCode: bucket,
    filenamePattern: "d_*",
    sourceSchema: schema,
    processLastMatchedFile: true,
    skippedBucketCode: skipped,
    processedBucketCode: done,
  });
  expect(job).toMatchObject({
    status: "COMPLETED",
    result: {
      files: [
        { filename: "d_1.csv", status: "skipped", movedTo: skipped },
        { filename: "d_2.csv", status: "skipped" },
        { filename: "d_3.csv", status: "processed", read: 1 },
      ],
    },
  });
  expect([await namesIn(bucket), await namesIn(skipped), await namesIn(done)]).toEqual([
    [],
    ["d_1.csv", "d_2.csv"],
    ["d_3.csv"],
  ]);
});

test("a file that cannot be read goes to the invalid bucket, with the fault", async () => {
  const files = [
    ["1.json", '[{"a": 1}, {"a":'],
    ["2.csv", 'id\n"never closed\n'],
    ["3.csv", "id\n1\n"],
  ] as const;
  const [bucket, bad] = [await newBucket(files), await newBucket([])];
  const params = { incomingBucketCode: bucket, filenamePattern: "*", invalidBucketCode: bad };
  const job = await run("validateDataFiles", { ...params, skipInvalidRecords: true });
  expect(job).toMatchObject({
    status: "COMPLETED",
    result: {
      files: [
        { filename: "1.json", status: "unreadable", movedTo: bad, fault: expect.stringMatching(/.{10}/) },
        { filename: "2.csv", status: "unreadable", fault: expect.stringContaining("quote") },
        { filename: "3.csv", status: "processed" },
      ],
    },
  });
  expect(await namesIn(bad)).toEqual(["1.json", "2.csv"]);
  const stays = await run("validateDataFiles", { incomingBucketCode: bad, filenamePattern: "1*" });
  expect(stays).toMatchObject({ status: "FAILED", error: { code: "FILE_UNREADABLE" } });
  expect(await namesIn(bad)).toEqual(["1.json", "2.csv"]);
});

test("a file that another unfinished job holds is passed over; one that an ended job held is not", async () => {
  const bucket = await newBucket([
    ["a.csv", orders],
    ["b.csv", orders],
  ]);
  const { jobId: holder } = await node.api.jobTypes.execute("hanging", { params: {} });
  await node.database.sql`update bucket_file set held_by = ${holder.slice(9)}::uuid where filename = 'a.csv'
    and bucket_id = (select bucket_id from bucket where bucket_code = ${bucket})`;
  const params = { incomingBucketCode: bucket, filenamePattern: "*.csv" };
  expect(await run("validateDataFiles", params)).toMatchObject({
    status: "COMPLETED",
    result: { held: 1, files: [{ filename: "b.csv" }] },
  });
  await node.api.jobs.cancel(holder);
  await waitForJob(node.api, holder);
  expect(await run("validateDataFiles", params)).toMatchObject({ result: { held: 0, totals: { files: 2 } } });
});

test.each<[string, Params, string, string]>([
  ["an unknown bucket", { incomingBucketCode: "nowhere", filenamePattern: "*" }, "BUCKET_NOT_FOUND", "nowhere"],
  ["an unknown bucket to move to", { processedBucketCode: "nowhere", filenamePattern: "*" }, "BUCKET_NOT_FOUND", ""],
  ["an unknown file of errors", { rejectsOf: "none.errors.jsonl" }, "FILE_NOT_FOUND", "none.errors.jsonl"],
  [
    "a schema that is none",
    { filenamePattern: "*", sourceSchema: { type: "nonsense" } },
    "INVALID_PARAMS",
    "sourceSchema",
  ],
  [
    "a pattern that backtracks where others do",
    { filenamePattern: "*", sourceSchema: { properties: { a: { pattern: "(?=a)" } } } },
    "INVALID_PARAMS",
    "sourceSchema",
  ],
  [
    "an expression that is none",
    { filenamePattern: "*", transformers: [{ type: "jsonata", expression: "$$(" }] },
    "INVALID_PARAMS",
    "transformers/0",
  ],
])("%s fails the job, and the file stays", async (_what, params, code, message) => {
  const bucket = await newBucket([["a.csv", orders]]);
  const job = await run("validateDataFiles", { incomingBucketCode: bucket, ...params });
  expect(job).toMatchObject({ status: "FAILED", error: { code, message: expect.stringContaining(message) } });
  expect(await namesIn(bucket)).toEqual(["a.csv"]);
});

test("files of errors are worked on where the pattern ends like them", async () => {
  const name = "a.csv.20260101_000000.errors.jsonl";
  const bucket = await newBucket([[name, '{"a":1}\n']]);
  const job = await run("validateDataFiles", { incomingBucketCode: bucket, filenamePattern: "*.errors.jsonl" });
  expect(job).toMatchObject({ result: { files: [{ filename: name, read: 1 }] } });
});

test("a target takes the place of neither its source nor another file's target", async () => {
  const bucket = await newBucket([
    ["a.csv", orders],
    ["a.tsv", "id\tamount\n1\t2\n"],
  ]);
  const params = { incomingBucketCode: bucket, targetBucketCode: bucket, targetFormat: { format: "delimited" } };
  const itself = await run("transformDataFiles", { ...params, filenamePattern: "a.csv" });
  expect(itself).toMatchObject({ status: "FAILED", error: { code: "INVALID_PARAMS" } });
  expect((await download(node, bucket, "a.csv")).text).toBe(orders);
  const twice = await run("transformDataFiles", { ...params, filenamePattern: "a.*", targetFormat: { format: "xml" } });
  expect(twice).toMatchObject({ error: { message: expect.stringContaining("that of a.csv, a.xml") } });
});

test("a target takes the place of no other file of the job, and is not displaced when that one is moved", async () => {
  const done = await newBucket([]);
  const target = { targetFormat: { format: "jsonl" } };
  const beside = await newBucket([
    ["a.csv", orders],
    ["a.jsonl", '{"id":7}\n'],
  ]);
  const params = { ...target, incomingBucketCode: beside, targetBucketCode: beside, filenamePattern: "a.*" };
  const refused = await run("transformDataFiles", params);
  expect(refused).toMatchObject({
    status: "FAILED",
    error: { code: "INVALID_PARAMS", message: expect.stringContaining("another file of this job") },
  });
  expect((await download(node, beside, "a.jsonl")).text).toBe('{"id":7}\n');
  const bucket = await newBucket([
    ["a.csv", orders],
    ["a_out.jsonl", '{"id":7}\n'],
  ]);
  const moved = await run("transformDataFiles", {
    ...target,
    incomingBucketCode: bucket,
    filenamePattern: "a*",
    processedBucketCode: done,
    targetBucketCode: done,
    targetFilenamePattern: "{name}_out.jsonl",
  });
  expect(moved).toMatchObject({ status: "FAILED", error: { code: "INVALID_PARAMS" } });
  expect(await namesIn(done)).toEqual([]);
});

function nested(depth: number): unknown {
  return depth === 0 ? {} : { properties: nested(depth - 1) };
}

test.each<[string, Params, string]>([
  ["neither pattern nor rejects", {}, "/filenamePattern"],
  ["both", { filenamePattern: "*", rejectsOf: "a" }, "/filenamePattern"],
  ["a bucket for what is never skipped", { filenamePattern: "*", skippedBucketCode: "skipped" }, "/skippedBucketCode"],
  ["an encoding", { filenamePattern: "*", parseOptions: { encoding: "klingon" } }, "/parseOptions/encoding"],
  ["XML without a path", { filenamePattern: "*", parseOptions: { format: "xml" } }, "/parseOptions/recordPath"],
  ["a deep schema", { filenamePattern: "*", targetSchema: nested(45) }, "/targetSchema"],
  ["a large schema", { filenamePattern: "*", sourceSchema: { enum: ["x".repeat(300_000)] } }, "/sourceSchema"],
  [
    "a secret, which would show in files",
    { filenamePattern: "*", transformers: [{ type: "mapping", fields: { a: { value: "{{secrets.A}}" } } }] },
    "/transformers",
  ],
  ["an unknown option", { filenamePattern: "*", parseOptions: { delimeter: ";" } }, "/parseOptions/delimeter"],
])("params with %s are a 400", async (_what, params, path) => {
  const answer = await sender(node)("POST", "/job-types/validateDataFiles/_execute", {
    params: { incomingBucketCode: "incoming", ...params },
  });
  expect(statusAndCode(answer)).toBe("400 VALIDATION_FAILED");
  expect(answer.body).toMatchObject({ errors: [{ path: expect.stringContaining(path) }] });
});

test.each(["all.jsonl", "{name}-{{secrets.A}}.jsonl"])("targets named %s are a 400", async (targetFilenamePattern) => {
  const answer = await sender(node)("POST", "/job-types/transformDataFiles/_execute", {
    params: {
      incomingBucketCode: "incoming",
      filenamePattern: "*.csv",
      targetBucketCode: "processed",
      targetFilenamePattern,
      targetFormat: { format: "jsonl" },
    },
  });
  expect(answer.body).toMatchObject({ errors: [{ path: "/params/targetFilenamePattern" }] });
});

test("another customer's files are not worked on", async () => {
  const other = await addCustomer(node, "other");
  await upload(other, "incoming", [["theirs.csv", orders]]);
  const job = await run("validateDataFiles", { incomingBucketCode: "incoming", filenamePattern: "theirs*" });
  expect(job).toMatchObject({ status: "COMPLETED", result: { files: [], totals: { files: 0 } } });
});

test("what jobs noted of files goes a day after, once they have ended", async () => {
  const own = await startTestNode();
  await upload(own, "incoming", [["a.csv", orders]]);
  await run("validateDataFiles", { incomingBucketCode: "incoming", filenamePattern: "*" }, own);
  const noted = () => own.database.sql`select filename from file_outcome`;
  await own.run("sweep-files");
  expect(await noted()).toHaveLength(1);
  await own.database.sql`update file_outcome set made_at = made_at - interval '25 hours'`;
  await own.run("sweep-files");
  expect(await noted()).toHaveLength(0);
});

/** `ctx.files`, as a job type sees it. */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import type { JobContext } from "../../src/job-types/contract.ts";
import { addCustomer } from "../support/customers.ts";
import { download, upload } from "../support/files.ts";
import { sender } from "../support/http.ts";
import { startTestNode, type TestNode } from "../support/nodes.ts";
import { type Script, scriptedType } from "../support/scripted-job-type.ts";
import { waitForJob } from "../support/wait-for-job.ts";

function start(script: Script, flags: Record<string, string> = {}): Promise<TestNode> {
  return startTestNode({ jobTypes: [scriptedType({ script })], flags });
}

async function run(node: TestNode): Promise<Awaited<ReturnType<TestNode["api"]["jobs"]["get"]>>> {
  const { jobId } = await node.api.jobTypes.execute("scripted", { params: { script: "script" } });
  return waitForJob(node.api, jobId);
}

async function namesOf(ctx: JobContext, bucketCode: string, glob: string): Promise<string[]> {
  const names: string[] = [];
  for await (const file of ctx.files.list(bucketCode, glob)) names.push(file.filename);
  return names;
}

test("a job lists, reads and writes files of its customer", async () => {
  const node = await start(async (ctx) => {
    const names = await namesOf(ctx, "incoming", "b_*");
    const { stream, bytes } = await ctx.files.read("incoming", "b_1", { first: 1, last: 3 });
    const part = await text(stream);
    const written = await ctx.files.write("processed", "made", Readable.from([Buffer.from(part), Buffer.from("!")]));
    return { names, bytes, part, written };
  });
  await upload(node, "incoming", [
    ["b_2", "two"],
    ["a", "one"],
    ["b_1", "12345"],
  ]);
  const sha256 = createHash("sha256").update("234!").digest("hex");
  expect((await run(node)).result).toEqual({
    names: ["b_1", "b_2"],
    bytes: 5,
    part: "234",
    written: { filename: "made", bytes: 4, sha256 },
  });
  expect((await download(node, "processed", "made")).text).toBe("234!");
});

test("a file of more than a page is listed to its end", async () => {
  const node = await start((ctx) => namesOf(ctx, "incoming", "*"));
  await node.database.sql`
    with made as (
      insert into blob (blob_id, customer_code, state, node_id)
      select gen_random_uuid(), 'demo', 'live', gen_random_uuid() from generate_series(1, 1200) returning blob_id
    )
    insert into bucket_file (bucket_id, filename, blob_id, bytes, sha256)
    select b.bucket_id, lpad((row_number() over ())::text, 5, '0'), blob_id, 0, sha256('')
      from made cross join bucket b where b.customer_code = 'demo' and b.bucket_code = 'incoming'`;
  const { result } = await run(node);
  expect(result).toHaveLength(1200);
  expect(result).toMatchObject({ 0: "00001", 1199: "01200" });
});

test.each<[string, Script, { code: string }]>([
  ["an unknown bucket to list", (ctx) => namesOf(ctx, "nowhere", "*"), { code: "BUCKET_NOT_FOUND" }],
  ["an unknown bucket to read", (ctx) => ctx.files.read("nowhere", "a"), { code: "BUCKET_NOT_FOUND" }],
  ["an unknown file", (ctx) => ctx.files.read("incoming", "nothing"), { code: "FILE_NOT_FOUND" }],
  [
    "an unknown bucket to write",
    (ctx) => ctx.files.write("nowhere", "a", Readable.from(["x"])),
    { code: "BUCKET_NOT_FOUND" },
  ],
  ["a name", (ctx) => ctx.files.write("incoming", "../a", Readable.from(["x"])), { code: "INVALID_PARAMS" }],
  [
    "what is too large for its job",
    (ctx) => ctx.files.write("incoming", "large", Readable.from([Buffer.alloc(11)]), { mostBytes: 10 }),
    { code: "FILE_TOO_LARGE" },
  ],
  [
    "what is too large for the node",
    (ctx) => ctx.files.write("incoming", "large", Readable.from([Buffer.alloc(3_001)]), { mostBytes: 9_999 }),
    { code: "FILE_TOO_LARGE" },
  ],
  [
    "content that fails",
    (ctx) => {
      const content = new Readable({ read: () => content.destroy(new Error("the line was cut")) });
      return ctx.files.write("incoming", "cut", content);
    },
    { code: "JOB_TYPE_ERROR" },
  ],
  [
    "content that is cut off",
    (ctx) => {
      const content = new Readable({ read: () => undefined });
      content.push("some");
      content.destroy();
      return ctx.files.write("incoming", "cut", content);
    },
    { code: "JOB_TYPE_ERROR" },
  ],
])("%s fails the job, and no file is there", async (_what, script, error) => {
  const node = await start(script, { "max-file-bytes": "3000" });
  expect(await run(node)).toMatchObject({ status: "FAILED", error });
  expect((await sender(node)("GET", "/buckets/incoming/files")).body).toMatchObject({ files: [] });
  expect(await node.database.sql`select from blob where state <> 'garbage'`).toHaveLength(0);
});

test("a job that is cancelled while it writes leaves no file", async () => {
  const content = new Readable({ read: () => undefined });
  const node = await start((ctx) => ctx.files.write("incoming", "endless", content));
  content.push(Buffer.alloc(1_000));
  const { jobId } = await node.api.jobTypes.execute("scripted", { params: { script: "script" } });
  await expect.poll(() => node.database.sql`select state from blob`).toEqual([{ state: "pending" }]);
  await node.api.jobs.cancel(jobId);
  expect(await waitForJob(node.api, jobId)).toMatchObject({ status: "FAILED", error: { code: "CANCELLED" } });
  await expect.poll(() => node.database.sql`select state from blob`).toEqual([{ state: "garbage" }]);
  expect(content.destroyed).toBe(true);
});

test("another customer's files are not there", async () => {
  const node = await start(async (ctx) => ({
    names: await namesOf(ctx, "incoming", "*"),
    fault: await ctx.files.read("incoming", "theirs").catch((error: Error) => error.message),
  }));
  const other = await addCustomer(node, "other");
  await upload(other, "incoming", [["theirs", "secret"]]);
  expect((await run(node)).result).toEqual({ names: [], fault: 'The bucket incoming has no file "theirs".' });
});

import { readdir } from "node:fs/promises";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { readConfig } from "../../src/config/read-config.ts";
import { startNode } from "../../src/main.ts";
import { download, upload } from "../support/files.ts";
import { type NodeProcess, startNodeProcess } from "../support/processes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

/** The second file is at work for long enough that the kill meets it there. */
const rows = { a: 20_000, b: 200_000 };

function csv(rows: number): string {
  return `id,amount\n${Array.from({ length: rows }, (_, row) => `${row},${row % 100 === 0 ? "bad" : row / 4}`).join("\n")}\n`;
}

async function start(node: NodeProcess): Promise<string> {
  const caller = { ...node, customerCode: "demo" };
  await upload(caller, "incoming", [
    ["a.csv", csv(rows.a)],
    ["b.csv", csv(rows.b)],
  ]);
  const params = {
    incomingBucketCode: "incoming",
    filenamePattern: "*.csv",
    sourceSchema: { type: "object", properties: { amount: { type: "number" } } },
    transformers: [{ type: "mapping", fields: { key: "id", amount: "amount" } }],
    skipInvalidRecords: true,
    processedBucketCode: "processed",
    targetBucketCode: "skipped",
    targetFormat: { format: "jsonl" },
  };
  return (await node.api.jobTypes.execute("transformDataFiles", { params })).jobId;
}

/** Every file of every bucket by its name without the time in it, with its content. */
async function filesOf(node: NodeProcess): Promise<Map<string, string>> {
  const caller = { ...node, customerCode: "demo" };
  const found = new Map<string, string>();
  for (const bucket of ["incoming", "invalid", "processed", "skipped"]) {
    const listed = await fetch(`${node.origin}/vue/_api/v1/buckets/${bucket}/files`, {
      headers: { authorization: `Bearer ${node.apiKey}`, "x-customer-code": "demo" },
    });
    for (const [, name = ""] of (await listed.text()).matchAll(/"filename":"([^"]+)"/g)) {
      found.set(`${bucket}/${name.replace(/\d{8}_\d{6}/, "time")}`, (await download(caller, bucket, name)).text);
    }
  }
  return found;
}

async function blobsIn(dataDir: string): Promise<{ whole: number; parts: number }> {
  const entries = await readdir(`${dataDir}/files`, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && entry.name !== "storage-id").map((entry) => entry.name);
  const parts = names.filter((name) => name.endsWith(".part")).length;
  return { whole: names.length - parts, parts };
}

test("kill -9 in the middle of a transform: the rerun makes what an undisturbed run makes, and no part file stays", async () => {
  const undisturbed = await startNodeProcess();
  const whole = await waitForJob(undisturbed.api, await start(undisturbed));
  const read = rows.a + rows.b;
  const totals = { files: 2, read, valid: (read * 99) / 100, invalid: read / 100 };
  expect(whole).toMatchObject({ status: "COMPLETED", result: { totals } });
  const expected = await filesOf(undisturbed);
  expect([...expected.keys()]).toEqual([
    "processed/a.csv",
    "processed/a.csv.time.errors.jsonl",
    "processed/b.csv",
    "processed/b.csv.time.errors.jsonl",
    "skipped/a.jsonl",
    "skipped/b.jsonl",
  ]);
  await undisturbed.kill();

  const first = await startNodeProcess();
  const jobId = await start(first);
  await waitForJob(first.api, jobId, (job) => /^b\.csv.* records,/.test(job.progress?.message ?? ""));
  await first.killWithPostgres();
  expect((await blobsIn(first.dataDir)).parts, "the target of b.csv had been begun").toBeGreaterThan(0);

  const second = await startNodeProcess({ dataDir: first.dataDir });
  const job = await waitForJob(second.api, jobId);
  expect(job).toMatchObject({ status: "COMPLETED", attempt: 1, result: { totals } });
  const made = await filesOf(second);
  expect([...made.keys()]).toEqual([...expected.keys()]);
  for (const [name, content] of made) expect(content === expected.get(name), name).toBe(true);
  await second.terminate();

  // What the dead node had begun has no name; it goes when nobody can be reading it any more.
  const config = readConfig({}, { port: "0", "data-dir": first.dataDir });
  const third = await startNode(config, pino({ level: "silent" }), { services: "byHand" });
  onTestFinished(() => third.stop(0));
  await third.context.database.sql`update blob set changed_at = changed_at - interval '16 minutes'`;
  await third.services.get("sweep-files")?.runOnce();
  expect(await blobsIn(first.dataDir)).toEqual({ whole: expected.size, parts: 0 });
});

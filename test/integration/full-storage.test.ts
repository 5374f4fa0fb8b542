/** A disk that fills up, and buckets that go while a job works. */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { expect, onTestFinished, test, vi } from "vitest";
import { upload } from "../support/files.ts";
import { sender } from "../support/http.ts";
import { startTestNode, type TestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

// Each file is worked on in a process of its own.
vi.setConfig({ testTimeout: 120_000 });

/** Only the superuser can mount a small disk. */
const isSuperuser = process.platform === "linux" && process.getuid?.() === 0;

const csv = `id,text\n${Array.from({ length: 20_000 }, (_, row) => `${row},${"x".repeat(20)}`).join("\n")}\n`;

async function start(node: TestNode): Promise<string> {
  const params = {
    incomingBucketCode: "incoming",
    filenamePattern: "*",
    targetBucketCode: "processed",
    targetFormat: { format: "json" },
  };
  return (await node.api.jobTypes.execute("transformDataFiles", { params })).jobId;
}

test.runIf(isSuperuser)("a disk that fills up fails the job; the file stays, and nothing of the target", async () => {
  const node = await startTestNode();
  const folder = `${node.dataDir}/files`;
  mkdirSync(folder, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=900k", "tmpfs", folder]);
  onTestFinished(() => void execFileSync("umount", ["-l", folder]));
  expect(await upload(node, "incoming", [["a.csv", csv]])).toMatchObject({ status: 200 });
  const job = await waitForJob(node.api, await start(node));
  expect(job).toMatchObject({ status: "FAILED", error: { code: "STORAGE_FULL", retryable: true } });
  const send = sender(node);
  expect((await send("GET", "/buckets/incoming/files")).body).toMatchObject({ files: [{ filename: "a.csv" }] });
  expect((await send("GET", "/buckets/processed/files")).body).toMatchObject({ files: [] });
  expect(await node.database.sql`select from blob where state = 'pending'`).toHaveLength(0);
});

test("a bucket that is deleted while the job works on its file fails the job, and nothing is made", async () => {
  const node = await startTestNode();
  await upload(node, "incoming", [["a.csv", csv]]);
  const jobId = await start(node);
  await expect.poll(() => node.database.sql`select from bucket_file where held_by is not null`).toHaveLength(1);
  const send = sender(node);
  expect((await send("DELETE", "/buckets/processed")).status).toBe(204);
  expect(await waitForJob(node.api, jobId)).toMatchObject({ status: "FAILED", error: { code: "BUCKET_NOT_FOUND" } });
  expect((await send("GET", "/buckets/incoming/files")).body).toMatchObject({ files: [{ filename: "a.csv" }] });
  expect(await node.database.sql`select from blob where state = 'pending'`).toHaveLength(0);
});

test("a file that is replaced while the job works on it stays where it is", async () => {
  const node = await startTestNode();
  await upload(node, "incoming", [["a.csv", csv]]);
  const params = { incomingBucketCode: "incoming", filenamePattern: "*", processedBucketCode: "processed" };
  const { jobId } = await node.api.jobTypes.execute("validateDataFiles", { params });
  await expect.poll(() => node.database.sql`select from bucket_file where held_by is not null`).toHaveLength(1);
  await upload(node, "incoming", [["a.csv", "id\n1\n"]]);
  expect(await waitForJob(node.api, jobId)).toMatchObject({
    status: "COMPLETED",
    result: { files: [{ movedTo: null, read: 20_000 }] },
  });
  expect((await sender(node)("GET", "/buckets/incoming/files")).body).toMatchObject({
    files: [{ filename: "a.csv", bytes: 5 }],
  });
});

/** Jobs that want the same files at once, and what is heard of one at work. */
import { expect, test, vi } from "vitest";
import { download, upload } from "../support/files.ts";
import { sender } from "../support/http.ts";
import { startTestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

// Each file is worked on in a process of its own.
vi.setConfig({ testTimeout: 120_000 });

test("of jobs on two nodes that race for files, each file is worked on by one", async () => {
  const first = await startTestNode();
  const second = await startTestNode({ with: first, flags: { "data-dir": first.dataDir } });
  const names = ["a.csv", "b.csv", "c.csv", "d.csv"];
  const csv = `id\n${Array.from({ length: 5_000 }, (_, row) => row).join("\n")}\n`;
  await upload(
    first,
    "incoming",
    names.map((name) => [name, csv] as const),
  );
  const params = {
    incomingBucketCode: "incoming",
    filenamePattern: "*.csv",
    processedBucketCode: "processed",
    targetBucketCode: "skipped",
    targetFormat: { format: "jsonl" },
  };
  const made = await Promise.all(
    [first, second, first, second].map((node) => node.api.jobTypes.execute("transformDataFiles", { params })),
  );
  const jobs = await Promise.all(made.map(({ jobId }) => waitForJob(first.api, jobId)));
  expect(jobs.map((job) => job.status)).toEqual(["COMPLETED", "COMPLETED", "COMPLETED", "COMPLETED"]);
  const worked = jobs.flatMap((job) => [...JSON.stringify(job.result).matchAll(/"movedTo":"processed"/g)]);
  expect(worked).toHaveLength(names.length);
  const read = jobs.map((job) => Number(/"totals":\{"files":\d+,"read":(\d+)/.exec(JSON.stringify(job.result))?.[1]));
  expect(read.reduce((sum, one) => sum + one, 0)).toBe(names.length * 5_000);
  const listed = await sender(first)("GET", "/buckets/skipped/files");
  expect([...listed.text.matchAll(/"filename":"([^"]+)"/g)].map(([, name]) => name)).toEqual(
    names.map((name) => name.replace("csv", "jsonl")),
  );
  expect((await download(first, "skipped", "d.jsonl")).text.split("\n")).toHaveLength(5_001);
});

test("a job at work tells bytes, records, their rate and the time that is left", async () => {
  const node = await startTestNode();
  const csv = `id,text\n${Array.from({ length: 400_000 }, (_, row) => `${row},"some text, quoted"`).join("\n")}\n`;
  await upload(node, "incoming", [["large.csv", csv]]);
  const params = { incomingBucketCode: "incoming", filenamePattern: "*", sourceSchema: { required: ["id"] } };
  const { jobId } = await node.api.jobTypes.execute("validateDataFiles", { params });
  const { progress } = await waitForJob(node.api, jobId, (job) => (job.progress?.message ?? "").includes(" s left"));
  expect(progress?.message).toMatch(
    /^large\.csv: [\d,]+ records, 0 not valid; [\d,]+ records\/s, \d+\.\d MB\/s, \d+ s left$/,
  );
  expect(progress).toMatchObject({ total: csv.length });
  expect(progress?.done).toBeGreaterThan(0);
  expect(progress?.done).toBeLessThanOrEqual(csv.length);
  const job = await waitForJob(node.api, jobId);
  expect(job).toMatchObject({ status: "COMPLETED", progress: { done: csv.length, total: csv.length } });
});

import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { startTestNode, type TestNode } from "../support/nodes.ts";
import { createDoor, scriptedType } from "../support/scripted-job-type.ts";
import { waitForJob } from "../support/wait-for-job.ts";

/** Text that gzip cannot make much of, 44 characters a line. */
function noise(lines: number): string[] {
  return Array.from({ length: lines }, (_, n) => createHash("sha256").update(String(n)).digest("base64"));
}

async function execute({ api }: TestNode, script: string): Promise<string> {
  return (await api.jobTypes.execute("scripted", { params: { script } })).jobId;
}

async function stored({ database }: TestNode, jobId: string) {
  const [row] = await database.sql<{ in_row: boolean; result_apart: boolean; bytes: number | null }[]>`
    select j.result is not null as in_row, j.result_apart, octet_length(r.gzip) as bytes
      from job j left join job_result r using (day, id) where j.id = ${jobId.slice(9)}`;
  return row;
}

test("a result over 256 KiB is stored apart, compressed, and read through the job as if it were not", async () => {
  const results: Record<string, unknown> = {
    "just small": "x".repeat(256 * 1024 - 2),
    "just large": "x".repeat(256 * 1024 - 1),
    "large in bytes": "ä".repeat(128 * 1024),
    noise: { lines: noise(50_000), odd: "a\u0000b" },
  };
  const scripts = Object.entries(results).map(([name, result]) => [name, async () => result] as const);
  const node = await startTestNode({ jobTypes: [scriptedType(Object.fromEntries(scripts))] });
  const ids = new Map<string, string>();
  for (const name of Object.keys(results)) ids.set(name, await execute(node, name));
  const read = async (name: string) => waitForJob(node.api, ids.get(name) ?? "");

  expect((await read("just small")).result).toBe(results["just small"]);
  expect(await stored(node, ids.get("just small") ?? "")).toEqual({ in_row: true, result_apart: false, bytes: null });
  for (const name of ["just large", "large in bytes"]) {
    expect(await read(name)).toMatchObject({ status: "COMPLETED", result: results[name] });
    expect(await stored(node, ids.get(name) ?? "")).toMatchObject({ in_row: false, result_apart: true });
    expect((await stored(node, ids.get(name) ?? ""))?.bytes).toBeLessThan(2_000);
  }
  expect((await read("noise")).result).toEqual({ lines: noise(50_000), odd: "a\ufffdb" });

  const { jobs } = await node.api.jobs.list();
  expect(jobs).toHaveLength(4);
  expect(jobs[0]).not.toHaveProperty("result");
});

test("many large results and small ones end together, each with its own", async () => {
  const node = await startTestNode({
    services: "byHand",
    jobTypes: [scriptedType({ large: async ({ job }) => [job.id, ...noise(8_000)] })],
  });
  const large = await Promise.all(Array.from({ length: 12 }, () => execute(node, "large")));
  const small = await Promise.all(
    Array.from({ length: 12 }, (_, n) => node.api.jobTypes.execute("echo", { params: { n } })),
  );
  await node.run("claim-jobs");
  await expect.poll(() => node.running(), { timeout: 15_000 }).toBe(0);
  for (const jobId of large) {
    expect((await node.api.jobs.get(jobId)).result).toMatchObject({ 0: jobId, length: 8_001 });
  }
  for (const [n, { jobId }] of small.entries()) expect((await node.api.jobs.get(jobId)).result).toEqual({ n });
});

test("the largest result is a setting, and what is larger fails its job by name", async () => {
  const node = await startTestNode({
    flags: { "max-result-bytes": "500000" },
    jobTypes: [
      scriptedType({
        exact: async () => "x".repeat(499_998),
        over: async () => "x".repeat(499_999),
        "a gigabyte": async () => new Array(1_024).fill("x".repeat(1_048_576)),
      }),
    ],
  });
  const [exact, over, gigabyte] = await Promise.all(
    ["exact", "over", "a gigabyte"].map(async (script) => waitForJob(node.api, await execute(node, script))),
  );
  expect(exact).toMatchObject({ status: "COMPLETED" });
  for (const job of [over, gigabyte]) {
    expect(job).toMatchObject({ status: "FAILED", result: null, error: { code: "INVALID_RESULT" } });
    expect(job?.error?.message).toBe("The result cannot be stored: it is more than 500000 bytes of JSON");
  }
});

test("a run that has lost its claim leaves no large result behind", async () => {
  const door = createDoor();
  const node = await startTestNode({
    services: "byHand",
    jobTypes: [
      scriptedType({
        async stale() {
          await door.opened;
          return noise(8_000);
        },
      }),
    ],
  });
  const jobId = await execute(node, "stale");
  await node.run("claim-jobs");
  await waitForJob(node.api, jobId, (job) => job.phase === "RUNNING");
  await node.database.sql`update job_queue set claim = gen_random_uuid()`;
  door.open();
  await expect.poll(() => node.running()).toBe(0);
  expect(await node.api.jobs.get(jobId)).toMatchObject({ status: "STARTED", result: null });
  expect(await stored(node, jobId)).toEqual({ in_row: false, result_apart: false, bytes: null });
});

test("a result whose day has gone between two looks is not there", async () => {
  const node = await startTestNode({ jobTypes: [scriptedType({ large: async () => noise(8_000) })] });
  const jobId = await execute(node, "large");
  await waitForJob(node.api, jobId);
  await node.database.sql`delete from job_result`;
  await expect(node.api.jobs.get(jobId)).rejects.toMatchObject({ problem: { status: 404, code: "NOT_FOUND" } });
});

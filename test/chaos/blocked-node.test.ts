import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder, start } from "../../src/embedded-postgres/test-support.ts";
import { startNodeProcess } from "../support/processes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

test("a job that blocks its node is taken from it and runs elsewhere; what the node says of it later counts for nothing", async () => {
  const until = join(await makeFolder(), "until");
  const { connection } = await start(await makeFolder(), { settings: { max_connections: "100" } });
  const { database, host, port, user } = connection;
  const environment = { DATABASE_URL: `postgres:///${database}?host=${host}&port=${port}&user=${user}` };
  const script = "blocking-node.ts";
  const blocked = await startNodeProcess({ script, environment: { ...environment, BLOCKS: "1" } });
  const { jobId } = await blocked.api.jobTypes.execute("blocking", { params: { until } });
  const other = await startNodeProcess({ script, environment, with: blocked });
  const rescued = await other.api.jobs.get(jobId, { waitSeconds: 60 });
  expect(rescued).toMatchObject({ status: "COMPLETED", attempt: 1, result: { by: other.pid } });
  const runs = (await other.api.jobs.attempts(jobId)).attempts.map(({ run, attempt, outcome }) => ({
    run,
    attempt,
    outcome,
  }));
  expect(runs).toEqual([
    { run: 1, attempt: 1, outcome: "LOST" },
    { run: 2, attempt: 1, outcome: "COMPLETED" },
  ]);

  await writeFile(until, "");
  // It answers again when its loop is free, and has said by then what its run came to.
  const { jobId: next } = await blocked.api.jobTypes.execute("blocking", { params: { until } });
  expect(await waitForJob(blocked.api, next)).toMatchObject({ status: "COMPLETED" });
  await expect.poll(() => blocked.log.join("\n")).toMatch(/running jobs are given up|had been taken from this node/);
  expect(await blocked.api.jobs.get(jobId)).toEqual(rescued);
});

import { randomInt, randomUUID } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { UnreachableError } from "../../src/client/request.ts";
import { allJobs, untilAllEnded } from "../support/all-jobs.ts";
import { type NodeProcess, startNodeProcess } from "../support/processes.ts";
import { startWebservice } from "../support/webservice.ts";
import { callsByJob, createCalls } from "../support/webservice-calls.ts";

test("kill -9 of node and PostgreSQL with 500 jobs queued and 100 running: all 600 complete", async () => {
  const webservice = await startWebservice();
  onTestFinished(() => webservice.close());
  const flags = ["--worker-slots", "100", "--egress-allow", `127.0.0.1:${webservice.port}`];
  webservice.hold();
  const first = await startNodeProcess({ flags });
  const ids = await createCalls(first.api, webservice, 600);
  await webservice.waitForCalls(100);
  await first.killWithPostgres();
  const interrupted = new Set(callsByJob(webservice).keys());
  expect(interrupted.size).toBe(100);
  webservice.release();

  const second = await startNodeProcess({ dataDir: first.dataDir, flags });
  await untilAllEnded(second.api);

  const jobs = await allJobs(second.api);
  expect(jobs.map((job) => job.jobId).sort()).toEqual(ids.sort());
  // The death of the node used up no attempt.
  expect(jobs.filter((job) => job.status !== "COMPLETED" || job.attempt !== 1)).toEqual([]);
  for (const [jobId, calls] of callsByJob(webservice)) expect(calls).toBe(interrupted.has(jobId) ? 2 : 1);
});

/** Creates jobs as fast as it can until the node is gone. */
async function createUntilGone(node: NodeProcess, acknowledged: (jobId: string) => void): Promise<void> {
  const params = { url: "https://example.com/" };
  const runAt = new Date(Date.now() + 3_600_000).toISOString();
  for (let count = 0; ; count += 1) {
    const options = count % 2 === 0 ? {} : { idempotencyKey: randomUUID() };
    try {
      acknowledged((await node.api.jobTypes.execute("callWebserviceEndpoint", { params, runAt }, options)).jobId);
    } catch (error) {
      if (error instanceof UnreachableError) return;
      throw error;
    }
  }
}

test("an acknowledged job is there although the node died in the same millisecond", async () => {
  const rounds = 8;
  const everAcknowledged: string[] = [];
  let node = await startNodeProcess();
  for (let round = 0; round < rounds; round += 1) {
    const acknowledged: string[] = [];
    const killAfter = randomInt(1, 400);
    let killed: Promise<void> | undefined;
    const clients = Array.from({ length: 16 }, () =>
      createUntilGone(node, (jobId) => {
        acknowledged.push(jobId);
        if (acknowledged.length >= killAfter) killed ??= round % 2 === 0 ? node.kill() : node.killWithPostgres();
      }),
    );
    await Promise.all(clients);
    await killed;
    expect(acknowledged.length).toBeGreaterThanOrEqual(killAfter);
    everAcknowledged.push(...acknowledged);

    node = await startNodeProcess({ dataDir: node.dataDir });
    for (const jobId of acknowledged.slice(-16)) {
      expect(await node.api.jobs.get(jobId)).toMatchObject({ jobId, phase: "SCHEDULED" });
    }
  }
  const present = new Set((await allJobs(node.api)).map((job) => job.jobId));
  expect(everAcknowledged.filter((jobId) => !present.has(jobId))).toEqual([]);
  expect(new Set(everAcknowledged).size).toBe(everAcknowledged.length);
});

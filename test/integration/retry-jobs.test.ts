import Type from "typebox";
import { expect, test } from "vitest";
import { defineJobType, JobError } from "../../src/job-types/contract.ts";
import { fakeClock } from "../support/clock.ts";
import { createGatedType } from "../support/gated-job-type.ts";
import { startTestNode, type TestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

/** Claims once, and waits until all that was claimed has ended. */
async function runAll(node: TestNode): Promise<void> {
  await node.run("heartbeat");
  await node.run("promote-jobs");
  await node.run("claim-jobs");
  await expect.poll(() => node.running()).toBe(0);
}

async function attemptsOf(node: TestNode, jobId: string) {
  return node.database.sql<{ attempt: number; outcome: string; code: string }[]>`
    select attempt, outcome, error ->> 'code' as code from job_attempt where job_id = ${jobId.slice(9)} order by run`;
}

test("a failed attempt is followed by others, each after its pause, until one succeeds", async () => {
  const node = await startTestNode({ services: "byHand" });
  const clock = fakeClock(node.database);
  await clock.advance(0);
  const params = { times: 2, retryable: true };
  const retry = { maxAttempts: 5, backoff: "exponential" as const, initialSeconds: 10, maxSeconds: 15 };
  const { jobId } = await node.api.jobTypes.execute("failing", { params, options: { retry } });

  await runAll(node);
  expect(await node.api.jobs.get(jobId)).toMatchObject({ status: "STARTED", phase: "RETRYING", attempt: 1 });
  // A quarter at most is taken off the pause of 10 s.
  await clock.advance(7_400);
  await runAll(node);
  expect(await node.api.jobs.get(jobId)).toMatchObject({ phase: "RETRYING", attempt: 1 });
  await clock.advance(2_600);
  await runAll(node);
  expect(await node.api.jobs.get(jobId)).toMatchObject({ phase: "RETRYING", attempt: 2 });

  // Doubled it would be 20 s; maxSeconds is 15.
  await clock.advance(11_200);
  await runAll(node);
  expect(await node.api.jobs.get(jobId)).toMatchObject({ phase: "RETRYING", attempt: 2 });
  await clock.advance(3_800);
  await runAll(node);
  expect(await node.api.jobs.get(jobId)).toMatchObject({ status: "COMPLETED", attempt: 3, result: { attempt: 3 } });
  expect(await attemptsOf(node, jobId)).toEqual([
    { attempt: 1, outcome: "FAILED", code: "CONNECTION_LOST" },
    { attempt: 2, outcome: "FAILED", code: "CONNECTION_LOST" },
  ]);
});

test("after its last attempt a job is FAILED with that attempt's error", async () => {
  const node = await startTestNode({ services: "byHand" });
  const params = { times: 9, retryable: true };
  const retry = { maxAttempts: 3, initialSeconds: 0, maxSeconds: 0 };
  const { jobId } = await node.api.jobTypes.execute("failing", { params, options: { retry } });
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    expect(await node.api.jobs.get(jobId)).toMatchObject({ status: "STARTED", attempt: attempt - 1 });
    await runAll(node);
  }
  const error = { code: "CONNECTION_LOST", message: "attempt 3 fails", retryable: true };
  expect(await node.api.jobs.get(jobId)).toMatchObject({ status: "FAILED", attempt: 3, error });
});

test("a failure that is not retryable ends a job at once", async () => {
  const node = await startTestNode({ services: "byHand" });
  const params = { times: 9, retryable: false };
  const { jobId } = await node.api.jobTypes.execute("failing", { params, options: { retry: { maxAttempts: 5 } } });
  await runAll(node);
  expect(await node.api.jobs.get(jobId)).toMatchObject({ status: "FAILED", attempt: 1, error: { retryable: false } });
});

test("the attempts that failed before a death stay used up, and the death uses none", async () => {
  const gated = createGatedType();
  const node = await startTestNode({ services: "byHand" });
  const params = { times: 1, retryable: true };
  const retry = { maxAttempts: 2, initialSeconds: 0, maxSeconds: 0 };
  const { jobId } = await node.api.jobTypes.execute("failing", { params, options: { retry } });
  await runAll(node);
  expect(await node.api.jobs.get(jobId)).toMatchObject({ phase: "RETRYING", attempt: 1 });
  await node.run("promote-jobs");
  // Another node takes it, with code for that type that hangs, and is stopped.
  const type = { ...gated.type, code: "failing" };
  const other = await startTestNode({ services: "byHand", with: node, testJobTypes: [type] });
  await other.run("claim-jobs");
  await gated.started(jobId);
  await other.stop(0);
  expect(await node.api.jobs.get(jobId)).toMatchObject({ phase: "RETRYING", attempt: 1 });
  await runAll(node);
  expect(await node.api.jobs.get(jobId)).toMatchObject({ status: "COMPLETED", attempt: 2 });
});

test("an attempt that takes longer than timeoutSeconds is aborted and TIMED_OUT, whatever it throws then", async () => {
  const stubborn = defineJobType({
    code: "stubborn",
    name: "Stubborn",
    description: "Throws something else when it is aborted.",
    paramsSchema: Type.Object({}),
    resultSchema: Type.Unknown(),
    defaults: { timeoutSeconds: 1 },
    run: (ctx) =>
      new Promise((_resolve, reject) => {
        ctx.signal.addEventListener("abort", () => reject(new JobError("CONNECTION_LOST", "aborted")));
      }),
  });
  const node = await startTestNode({ jobTypes: [stubborn] });
  const hanging = { params: {}, options: { timeoutSeconds: 1 } };
  const ids = [
    await node.api.jobTypes.execute("hanging", hanging),
    await node.api.jobTypes.execute("stubborn", { params: {} }),
  ];
  for (const { jobId } of ids) {
    const job = await waitForJob(node.api, jobId);
    expect(job).toMatchObject({ status: "FAILED", error: { code: "TIMED_OUT", retryable: true } });
    expect(job.durationMs).toBeGreaterThanOrEqual(990);
    expect(job.durationMs).toBeLessThan(5_000);
  }
});

test("a run that ignores its signal is dropped when the grace is over, and its slot is free", async () => {
  const { type, started, end } = createGatedType();
  const node = await startTestNode({ jobTypes: [type], abortGraceMs: 50, flags: { "worker-slots": "1" } });
  const first = await node.api.jobTypes.execute("gated", { params: {}, options: { timeoutSeconds: 1 } });
  const second = await node.api.jobTypes.execute("gated", { params: {} });
  await started(first.jobId);
  expect(await waitForJob(node.api, first.jobId)).toMatchObject({ status: "FAILED", error: { code: "TIMED_OUT" } });
  await started(second.jobId);

  end(first.jobId, { late: true });
  end(second.jobId, { in: "time" });
  expect(await waitForJob(node.api, second.jobId)).toMatchObject({ status: "COMPLETED", result: { in: "time" } });
  expect(await node.api.jobs.get(first.jobId)).toMatchObject({ status: "FAILED", error: { code: "TIMED_OUT" } });
});

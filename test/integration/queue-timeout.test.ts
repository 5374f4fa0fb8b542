import { expect, test } from "vitest";
import { fakeClock } from "../support/clock.ts";
import { startTestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

test("a job that does not start within queueTimeoutSeconds fails, and is not run", async () => {
  const node = await startTestNode({ services: "byHand" });
  const clock = fakeClock(node.database);
  const options = { queueTimeoutSeconds: 10 };
  const { jobId } = await node.api.jobTypes.execute("echo", { params: {}, options });
  const patient = await node.api.jobTypes.execute("echo", { params: {} });
  await clock.advance(9_000);
  await node.run("expire-jobs");
  expect(await node.api.jobs.get(jobId)).toMatchObject({ phase: "QUEUED" });
  await clock.advance(1_000);
  await node.run("expire-jobs");
  expect(await node.api.jobs.get(jobId)).toMatchObject({
    status: "FAILED",
    attempt: 0,
    startedAt: null,
    error: { code: "TIMED_OUT", message: expect.stringContaining("queueTimeoutSeconds") },
  });
  expect(await node.api.jobs.get(patient.jobId)).toMatchObject({ phase: "QUEUED" });
});

test("no attempt begins when retry.totalSeconds is over", async () => {
  const node = await startTestNode({ services: "byHand" });
  const options = { retry: { maxAttempts: 9, backoff: "fixed" as const, initialSeconds: 20, totalSeconds: 30 } };
  const { jobId } = await node.api.jobTypes.execute("failing", { params: { times: 9, retryable: true }, options });
  await node.run("claim-jobs");
  await waitForJob(node.api, jobId, (job) => job.phase === "RETRYING");
  // The node's clock is real here: what counts is the time from the first start to the end of the next pause.
  await node.database.sql`
    update job_queue set run_at = app_now(), first_started_at = first_started_at - interval '20 s'`;
  await node.run("promote-jobs");
  await node.run("claim-jobs");
  expect(await waitForJob(node.api, jobId)).toMatchObject({ status: "FAILED", attempt: 2 });
});

test("an attempt that does not get its turn before retry.totalSeconds are over does not begin", async () => {
  const node = await startTestNode({ services: "byHand" });
  const clock = fakeClock(node.database);
  const options = { retry: { maxAttempts: 9, backoff: "fixed" as const, initialSeconds: 20, totalSeconds: 30 } };
  const { jobId } = await node.api.jobTypes.execute("failing", { params: { times: 9, retryable: true }, options });
  await node.run("claim-jobs");
  await waitForJob(node.api, jobId, (job) => job.phase === "RETRYING");
  await clock.advance(25_000);
  await node.run("promote-jobs");
  await node.run("expire-jobs");
  expect(await node.api.jobs.get(jobId)).toMatchObject({ status: "STARTED" });
  await clock.advance(10_000);
  await node.run("expire-jobs");
  expect(await node.api.jobs.get(jobId)).toMatchObject({
    status: "FAILED",
    attempt: 1,
    startedAt: expect.any(String),
    error: { code: "TIMED_OUT", message: expect.stringContaining("retry.totalSeconds") },
  });
  expect((await node.api.jobs.attempts(jobId)).attempts).toMatchObject([{ attempt: 1, outcome: "FAILED" }]);
});

test("a job that a node of an earlier version has started keeps its place, whatever deadline was left with it", async () => {
  const node = await startTestNode({ services: "byHand" });
  const options = { retry: { maxAttempts: 2, initialSeconds: 1 } };
  const { jobId } = await node.api.jobTypes.execute("failing", { params: { times: 9, retryable: true }, options });
  await node.run("claim-jobs");
  await waitForJob(node.api, jobId, (job) => job.phase === "RETRYING");
  await node.database.sql`update job_queue set run_at = app_now(), queue_deadline = app_now() - interval '1 s'`;
  await node.run("promote-jobs");
  await node.run("expire-jobs");
  expect(await node.api.jobs.get(jobId)).toMatchObject({ status: "STARTED" });
});

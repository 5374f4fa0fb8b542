import { expect, test } from "vitest";
import { fakeClock } from "../support/clock.ts";
import { hasStarted } from "../support/job-types.ts";
import { startTestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

const cancelled = {
  status: "FAILED",
  phase: "DONE",
  result: null,
  error: { code: "CANCELLED", message: "The job was cancelled by admin@example.com.", retryable: false },
};
const soon = () => new Date(Date.now() + 3_600_000).toISOString();

test("a job that does not run has ended when the cancel answers", async () => {
  const { api, run } = await startTestNode({ services: "byHand" });
  const scheduled = await api.jobTypes.execute("echo", { params: {}, runAt: soon() });
  const queued = await api.jobTypes.execute("echo", { params: {} });
  for (const { jobId } of [scheduled, queued]) {
    expect(await api.jobs.cancel(jobId)).toMatchObject({ ...cancelled, attempt: 0, startedAt: null });
    expect(await api.jobs.attempts(jobId)).toEqual({ attempts: [] });
  }
  await run("claim-jobs");
  expect(await api.jobs.get(queued.jobId)).toMatchObject(cancelled);
});

test("a running job is aborted at once, also on another node", async () => {
  const first = await startTestNode();
  const second = await startTestNode({ with: first, flags: { roles: "api" } });
  for (const { api } of [first, second]) {
    const { jobId } = await first.api.jobTypes.execute("hanging", { params: {} });
    await hasStarted(jobId);
    await api.jobs.cancel(jobId);
    expect(await waitForJob(api, jobId)).toMatchObject({ ...cancelled, attempt: 1 });
    expect(await api.jobs.attempts(jobId)).toMatchObject({ attempts: [{ run: 1, attempt: 1, outcome: "FAILED" }] });
  }
});

test("a job that has ended cannot be cancelled, and a cancel of another customer's finds nothing", async () => {
  const { api } = await startTestNode();
  const { jobId } = await api.jobTypes.execute("echo", { params: {} });
  await waitForJob(api, jobId);
  await expect(api.jobs.cancel(jobId)).rejects.toMatchObject({ problem: { status: 409, code: "CONFLICT" } });
  const { auditEvents } = await api.auditEvents.list();
  expect(auditEvents.filter(({ action }) => action === "job.cancel")).toEqual([]);
});

test("a job that waits for its next attempt is cancelled, and keeps what had failed", async () => {
  const { api } = await startTestNode();
  const options = { retry: { maxAttempts: 5, initialSeconds: 3600, maxSeconds: 3600 } };
  const { jobId } = await api.jobTypes.execute("failing", { params: { times: 9, retryable: true }, options });
  await waitForJob(api, jobId, (job) => job.phase === "RETRYING");
  expect(await api.jobs.cancel(jobId)).toMatchObject({ ...cancelled, attempt: 1 });
  expect(await api.jobs.attempts(jobId)).toMatchObject({
    attempts: [{ attempt: 1, outcome: "FAILED", error: { code: "CONNECTION_LOST" } }],
  });
});

test("a cancelled job whose node died does not run again", async () => {
  const node = await startTestNode({ services: "byHand" });
  const clock = fakeClock(node.database);
  const { jobId } = await node.api.jobTypes.execute("echo", { params: {} });
  // The claim of a process that is gone: only its row is left.
  await node.database.sql`
    update job_queue set state = 'claimed', claim = gen_random_uuid(), node_id = gen_random_uuid(), runs = 1,
           started_at = app_now(), first_started_at = app_now()`;
  expect(await node.api.jobs.cancel(jobId)).toMatchObject({ status: "STARTED", phase: "RUNNING" });
  for (let seconds = 0; seconds <= 35; seconds += 5) {
    await clock.advance(5_000);
    await node.run("heartbeat");
  }
  await node.run("rescue-jobs");
  expect(await node.api.jobs.get(jobId)).toMatchObject(cancelled);
});

import { expect, test } from "vitest";
import { JobError } from "../../src/job-types/contract.ts";
import { startTestNode } from "../support/nodes.ts";
import { createDoor, scriptedType } from "../support/scripted-job-type.ts";
import { waitForJob } from "../support/wait-for-job.ts";

test("progress shows while a job runs, in the job and in the list, and the last one is kept when it ends", async () => {
  const door = createDoor();
  const { api } = await startTestNode({
    jobTypes: [
      scriptedType({
        async counting({ progress }) {
          for (let n = 0; n <= 40; n += 1) progress(n, 100, `row ${n} \u0000`);
          await door.opened;
          progress(99.5, 100);
        },
      }),
    ],
  });
  const { jobId } = await api.jobTypes.execute("scripted", { params: { script: "counting" } });
  const running = await waitForJob(api, jobId, (job) => job.progress !== null);
  expect(running).toMatchObject({
    phase: "RUNNING",
    progress: { done: 40, total: 100, message: "row 40 \ufffd", at: expect.stringMatching(/Z$/) },
  });
  expect((await api.jobs.list()).jobs).toMatchObject([{ progress: { done: 40 } }]);
  door.open();
  const ended = await waitForJob(api, jobId);
  expect(ended).toMatchObject({ status: "COMPLETED", progress: { done: 99.5, total: 100, message: null } });
  expect((await api.jobs.list()).jobs).toMatchObject([{ progress: { done: 99.5 } }]);
});

test("each attempt begins without progress, and a failed job keeps that of its last", async () => {
  const door = createDoor();
  const { api } = await startTestNode({
    jobTypes: [
      scriptedType({
        async failing({ progress, attempt }) {
          if (attempt === 2) await door.opened;
          progress(attempt, 10);
          throw new JobError("CONNECTION_LOST", "again", { retryable: true });
        },
      }),
    ],
  });
  const options = { retry: { maxAttempts: 2, initialSeconds: 0, maxSeconds: 0 } };
  const { jobId } = await api.jobTypes.execute("scripted", { params: { script: "failing" }, options });
  const second = await waitForJob(api, jobId, (job) => job.attempt === 2 && job.phase === "RUNNING");
  expect(second.progress).toBeNull();
  door.open();
  expect(await waitForJob(api, jobId)).toMatchObject({ status: "FAILED", progress: { done: 2 } });
});

test("numbers that are none change nothing and are named in the log", async () => {
  const { api } = await startTestNode({
    jobTypes: [
      scriptedType({
        async odd({ progress }) {
          progress(3, 4, "x".repeat(5_000));
          for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, -1, "7", null, undefined, 1n]) {
            Reflect.apply(progress, undefined, [bad, 4]);
            Reflect.apply(progress, undefined, [1, bad]);
          }
        },
      }),
    ],
  });
  const { jobId } = await api.jobTypes.execute("scripted", { params: { script: "odd" } });
  const job = await waitForJob(api, jobId);
  expect(job).toMatchObject({ status: "COMPLETED", progress: { done: 3, total: 4 } });
  expect(job.progress?.message).toMatch(/^x{1000}… \(5000 characters\)$/);
  const { logs } = await api.jobs.logs(jobId);
  expect(logs).toHaveLength(14);
  expect(logs[0]).toMatchObject({
    level: "warn",
    message: "progress(NaN, 4) was ignored: give two finite numbers from 0.",
  });
});

test("a run that has lost its claim changes no progress", async () => {
  const door = createDoor();
  const node = await startTestNode({
    services: "byHand",
    jobTypes: [
      scriptedType({
        async stale({ progress }) {
          progress(1, 10);
          await door.opened;
          progress(9, 10);
        },
      }),
    ],
  });
  const { jobId } = await node.api.jobTypes.execute("scripted", { params: { script: "stale" } });
  await node.run("claim-jobs");
  await waitForJob(node.api, jobId, (job) => job.progress !== null);
  await node.database.sql`update job_queue set claim = gen_random_uuid()`;
  door.open();
  await expect.poll(() => node.running()).toBe(0);
  expect(await node.api.jobs.get(jobId)).toMatchObject({ status: "STARTED", progress: { done: 1 } });
});

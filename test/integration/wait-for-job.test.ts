import { expect, test } from "vitest";
import { hasStarted, release } from "../support/job-types.ts";
import { startTestNode } from "../support/nodes.ts";

test("waitSeconds answers as soon as the job has ended, on whichever node it ran", async () => {
  const worker = await startTestNode();
  const reader = await startTestNode({ with: worker, flags: { roles: "api" } });
  for (const { api } of [worker, reader]) {
    const { jobId } = await api.jobTypes.execute("hanging", { params: {} });
    await hasStarted(jobId);
    const waiting = Promise.all(Array.from({ length: 20 }, () => api.jobs.get(jobId, { waitSeconds: 20 })));
    release(jobId);
    for (const job of await waiting) expect(job).toMatchObject({ status: "COMPLETED", result: { released: true } });
  }
});

test("a wait that is over answers the job as it is", async () => {
  const { api } = await startTestNode({ services: "byHand" });
  const { jobId } = await api.jobTypes.execute("echo", { params: {} });
  expect(await api.jobs.get(jobId, { waitSeconds: 1 })).toMatchObject({ status: "STARTED", phase: "QUEUED" });
});

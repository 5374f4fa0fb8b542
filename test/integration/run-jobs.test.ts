import { expect, test } from "vitest";
import { startTestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

test("a job runs and its result is kept", async () => {
  const { api } = await startTestNode();
  const { jobId } = await api.jobTypes.execute("echo", { params: { hello: "world" } });
  const job = await waitForJob(api, jobId);
  expect(job).toMatchObject({ status: "COMPLETED", phase: "DONE", attempt: 1, result: { hello: "world" } });
});

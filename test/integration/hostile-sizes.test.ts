import { expect, test } from "vitest";
import { startTestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

/** What is worst to write out: every character must be escaped. */
const backslashes = "\\".repeat(500_000);

test("forty bodies of a megabyte at once are all taken, and small ones beside them", async () => {
  const { api } = await startTestNode({ services: "byHand" });
  const large = Array.from({ length: 40 }, (_, n) => api.jobTypes.execute("echo", { params: { n, backslashes } }));
  const small = Array.from({ length: 40 }, (_, n) => api.jobTypes.execute("echo", { params: { n } }));
  const ids = (await Promise.all([...large, ...small])).map(({ jobId }) => jobId);
  expect(new Set(ids).size).toBe(80);
  expect((await api.jobs.get(ids[0] ?? "")).params).toEqual({ n: 0, backslashes });
});

test("results of a megabyte are written and read back to the letter", async () => {
  const { api } = await startTestNode();
  const made = await Promise.all(
    Array.from({ length: 10 }, (_, n) => api.jobTypes.execute("echo", { params: { n, backslashes } })),
  );
  for (const [n, { jobId }] of made.entries()) {
    expect(await waitForJob(api, jobId)).toMatchObject({ status: "COMPLETED", result: { n, backslashes } });
  }
});

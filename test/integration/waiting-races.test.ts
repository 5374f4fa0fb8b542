import type postgres from "postgres";
import { expect, test } from "vitest";
import { startTestNode, type TestNode } from "../support/nodes.ts";
import { createPlays } from "../support/waiting-job-types.ts";

/** Two nodes, and a parent on the first that has started a child and is about to await it. */
async function startAwaiting() {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { types } = createPlays({
    gated: async (ctx) => {
      await ctx.jobs.start("a", { jobType: "echo", params: { n: 1 } });
      await gate;
      return ctx.jobs.await("a");
    },
  });
  const first = await startTestNode({ services: "byHand", testJobTypes: types });
  const second = await startTestNode({ services: "byHand", with: first, testJobTypes: types });
  const { jobId } = await first.api.jobTypes.execute("parent", { params: { play: "gated" } });
  await first.run("claim-jobs");
  await expect.poll(() => first.api.jobs.list({ trigger: "sequence" })).toMatchObject({ jobs: [{ phase: "QUEUED" }] });

  /** Does something between the moment at which the run has seen its child unfinished, and the commit of its wait. */
  async function meanwhile(work: (lock: postgres.TransactionSql) => Promise<unknown>): Promise<void> {
    const { sql } = first.database;
    await sql.begin(async (lock) => {
      await lock`select from job_queue where id = ${jobId.slice(9)} for update`;
      open();
      const blocked = () => sql`
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      await expect.poll(async () => (await blocked()).length).toBe(1);
      await work(lock);
    });
  }
  return { first, second, jobId, meanwhile };
}

async function claim(node: TestNode): Promise<void> {
  await node.run("claim-jobs");
  await expect.poll(() => node.running()).toBe(0);
}

test("a child that ends while its parent is being put to wait is not missed", async () => {
  const { first, second, jobId, meanwhile } = await startAwaiting();
  await meanwhile(() => claim(second));
  await expect.poll(() => first.api.jobs.get(jobId)).toMatchObject({ phase: "QUEUED" });
  await claim(first);
  expect(await first.api.jobs.get(jobId)).toMatchObject({ status: "COMPLETED", result: { result: { n: 1 } } });
});

test("a parent that is cancelled while it is being put to wait does not wait", async () => {
  const { first, jobId, meanwhile } = await startAwaiting();
  const error = JSON.stringify({ code: "CANCELLED", message: "The test did it.", retryable: false, details: {} });
  await meanwhile(
    (lock) => lock`update job_queue set cancellation = ${error}::text::json where id = ${jobId.slice(9)}`,
  );
  await expect
    .poll(() => first.api.jobs.get(jobId))
    .toMatchObject({
      status: "FAILED",
      attempt: 1,
      error: { code: "CANCELLED", message: "The test did it." },
    });
});

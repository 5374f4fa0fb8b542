/** The list of jobs. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openSignedIn } from "../support/browser.ts";
import { startTestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

test("an empty list shows a call that makes a job without internet, and the job when it is there", async () => {
  const node = await startTestNode({ flags: { "egress-allow": "127.0.0.0/8" } });
  const page = await openSignedIn(node, "/jobs");
  const call = (await page.getByLabel("The first call", { exact: true }).textContent()) ?? "";
  await page.getByText(`--egress-allow ${new URL(node.origin).host}`).waitFor();
  const { stdout } = await promisify(execFile)("sh", ["-c", call.replace("<apiKey>", node.apiKey)]);
  const { jobId }: { jobId: string } = JSON.parse(stdout);
  expect(await waitForJob(node.api, jobId)).toMatchObject({ status: "COMPLETED", result: { status: 200 } });
  await page.getByRole("link", { name: "callWebserviceEndpoint" }).click();
  await page.getByRole("heading", { name: "callWebserviceEndpoint" }).waitFor();
  expect(page.url()).toBe(`${node.origin}/jobs/${jobId}`);
});

test("filters stand in the address, and the address sets the filters", async () => {
  const node = await startTestNode();
  const { jobId } = await node.api.jobTypes.execute("failing", { params: { times: 1, retryable: false } });
  await node.api.jobTypes.execute("echo", { params: {} });
  await waitForJob(node.api, jobId);
  const page = await openSignedIn(node, "/jobs");
  const rows = page.getByRole("table", { name: "Jobs" }).getByRole("link");
  await expect.poll(() => rows.count()).toBe(2);
  await page.getByText("Failed", { exact: true }).first().click();
  await expect.poll(() => rows.allInnerTexts()).toEqual(["failing"]);
  expect(page.url()).toBe(`${node.origin}/jobs?status=FAILED`);
  await page.goto("/jobs?type=echo&status=nonsense");
  await expect.poll(() => rows.allInnerTexts()).toEqual(["echo"]);
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  await expect.poll(() => rows.count()).toBe(2);
  expect(page.url()).toBe(`${node.origin}/jobs`);
  await page.goBack();
  await expect.poll(() => rows.allInnerTexts()).toEqual(["echo"]);
});

test("older jobs are a page further, and the way back leads to the newest", async () => {
  const node = await startTestNode({ services: "byHand" });
  for (let made = 0; made < 60; made += 1) await node.api.jobTypes.execute("echo", { params: { made } });
  const page = await openSignedIn(node, "/jobs");
  const rows = page.getByRole("table", { name: "Jobs" }).getByRole("link");
  await expect.poll(() => rows.count()).toBe(50);
  await page.getByRole("button", { name: "Older" }).click();
  await expect.poll(() => rows.count()).toBe(10);
  await page.reload();
  await expect.poll(() => rows.count()).toBe(10);
  await page.getByRole("button", { name: "Newest" }).click();
  await expect.poll(() => rows.count()).toBe(50);
});

test("where none of the jobs that a page looks through fits it says so, and looks further", async () => {
  const node = await startTestNode({ services: "byHand" });
  const { jobId } = await node.api.jobTypes.execute("failing", { params: { times: 1, retryable: false } });
  await node.api.jobs.cancel(jobId);
  const day = `${jobId.slice(0, 4)}-${jobId.slice(4, 6)}-${jobId.slice(6, 8)}`;
  await node.database.sql`
    insert into job (day, id, customer_code, job_type, params, options, priority, max_attempts, trigger_kind, status,
                     created_at, run_at, finished_at)
    select ${day}::date, ('ffffffff-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'demo', 'echo', '{}', '{}', 5, 1, 'api',
           'COMPLETED', app_now(), app_now(), app_now()
      from generate_series(1, 10000) n`;
  const page = await openSignedIn(node, "/jobs?status=FAILED");
  await page.getByRole("heading", { name: "None of these fits" }).waitFor();
  await page.getByRole("button", { name: "Look further" }).click();
  await page.getByRole("table", { name: "Jobs" }).getByRole("link", { name: "failing" }).waitFor();
});

test("jobs that were chosen are cancelled and run again together", async () => {
  const node = await startTestNode({ services: "byHand" });
  for (let made = 0; made < 3; made += 1) await node.api.jobTypes.execute("echo", { params: { made } });
  const page = await openSignedIn(node, "/jobs");
  await page.getByLabel("Choose all on this page").check();
  await page.getByRole("button", { name: "Cancel 3" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel 3 jobs" }).click();
  await page.getByText("3 of 3 told to stop").waitFor();
  await expect.poll(async () => (await node.api.jobs.list({ status: "FAILED" })).jobs.length).toBe(3);
  await page.getByLabel("Choose all on this page").check();
  await page.getByRole("button", { name: "Rerun 3" }).click();
  await page.getByText("3 of 3 started again").waitFor();
  expect((await node.api.jobs.list({ trigger: "rerun" })).jobs).toHaveLength(3);
});

/** What people see first, what comes to them without asking, and what they are told. */
import { expect, test } from "vitest";
import { isLoaded, openSignedIn } from "../support/browser.ts";
import { hasStarted, release } from "../support/job-types.ts";
import { startTestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";
import { writeLedger } from "../support/written-ledger.ts";

const failure = { params: { times: 1, retryable: false }, options: { retry: { maxAttempts: 1 } } };

test("shows what runs, what failed and what came of the schedules, and follows them", async () => {
  const node = await startTestNode();
  await node.api.jobDefinitions.create({
    jobDefinition: { jobDefinitionCode: "hourly", jobType: "echo", schedule: { cron: "0 * * * *" } },
  });
  const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  const done = await node.api.jobDefinitions.execute("hourly");
  const [, id = ""] = /^\d{8}-(.*)$/.exec(done.jobId) ?? [];
  await writeLedger(node.database, "hourly", [
    { at: new Date(hour - 3_600_000).toISOString(), outcome: "fired", jobId: id },
    { at: new Date(hour - 5 * 3_600_000).toISOString(), outcome: "missed", reason: "the node was down" },
  ]);
  const page = await openSignedIn(node, "/");
  await page.getByText("1 occurrence missed").waitFor();
  const running = page.getByRole("region", { name: "Running now" });
  const failed = page.getByRole("region", { name: "Failed last" });
  await running.getByText("Nothing runs.").waitFor();
  await page.getByRole("region", { name: "Fires next" }).getByText("hourly").first().waitFor();

  const { jobId } = await node.api.jobTypes.execute("hanging", {});
  await hasStarted(jobId);
  await running.getByRole("link", { name: "hanging" }).waitFor();
  const { jobId: failing } = await node.api.jobTypes.execute("failing", failure);
  await waitForJob(node.api, failing);
  await failed.getByText("attempt 1 fails").waitFor();
  release(jobId);
  await running.getByText("Nothing runs.").waitFor();

  const line = page.getByRole("group", { name: "hourly" });
  await line.getByRole("button", { name: /^Missed, .*the node was down/ }).click();
  await page.getByRole("region", { name: "Chosen occurrences" }).getByText("the node was down").waitFor();
  await line.getByRole("link", { name: /^Fired/ }).press("Enter");
  await page.getByRole("heading", { name: "hourly" }).waitFor();
  // The ledger was written by hand; its job's day is that of the occurrence.
  expect(new URL(page.url()).pathname).toMatch(/^\/jobs\/\d{8}-/);
});

test("a connection that is lost is told, and comes back by itself", async () => {
  const node = await startTestNode();
  const page = await openSignedIn(node, "/", { expected: ["net::ERR", "Failed to load resource"] });
  const note = page.getByText("The node does not answer.");
  await page.getByText("Nothing runs.").waitFor();
  await isLoaded(page);
  await page.evaluate("dispatchEvent(new Event('offline'))");
  await note.waitFor();
  await page.evaluate("dispatchEvent(new Event('online'))");
  await note.waitFor({ state: "hidden" });

  await node.stop(0);
  await note.waitFor();
  const again = await startTestNode({ with: node, flags: { port: new URL(node.origin).port } });
  await note.waitFor({ state: "hidden" });
  const { jobId } = await again.api.jobTypes.execute("hanging", {});
  await page.getByRole("link", { name: "hanging" }).waitFor();
  release(jobId);
});

test("a notification is counted, opened from the bell and marked as read", async () => {
  const node = await startTestNode();
  const page = await openSignedIn(node, "/");
  await page.getByRole("link", { name: "Notifications, 0 unread" }).waitFor();
  for (const _ of [1, 2]) {
    const { jobId } = await node.api.jobTypes.execute("failing", failure);
    await waitForJob(node.api, jobId);
  }
  await page.getByRole("link", { name: "Notifications, 2 unread" }).click();
  await page.getByRole("button", { name: "Mark as read: failing" }).first().click();
  await page.getByRole("link", { name: "Notifications, 1 unread" }).waitFor();
  await page.getByText("Unread", { exact: true }).click();
  await expect.poll(() => page.getByRole("button", { name: "Mark as read: failing" }).count()).toBe(1);
  await page.getByRole("button", { name: "Mark all as read" }).click();
  await page.getByText("You have seen all of them.").waitFor();
  expect((await node.api.notifications.list()).unreadCount).toBe(0);
});

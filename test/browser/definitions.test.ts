/** The list of definitions and the page of one. */
import { expect, test } from "vitest";
import { openSignedIn } from "../support/browser.ts";
import { startTestNode, type TestNode } from "../support/nodes.ts";
import { writeLedger } from "../support/written-ledger.ts";

async function startWithDefinitions(): Promise<TestNode> {
  const node = await startTestNode({ services: "byHand" });
  const schedule = { cron: "0 6 * * *", timeZone: "America/Toronto" };
  await node.api.jobDefinitions.create({
    jobDefinition: { jobDefinitionCode: "products", name: "Products", jobType: "echo", params: { a: 1 }, schedule },
  });
  await node.api.jobDefinitions.create({ jobDefinition: { jobDefinitionCode: "purge", jobType: "echo" } });
  return node;
}

test("the list tells when each fires next, here and there, and is filtered in the address", async () => {
  const node = await startWithDefinitions();
  const page = await openSignedIn(node, "/job-definitions");
  const row = page.getByRole("row", { name: /Products/ });
  await row.getByText("Active").waitFor();
  // The browser is in Berlin, six hours ahead, but for the weeks in which only one of them has moved its clock.
  await row.getByText(/, 1[12]:00$/).waitFor();
  await row.getByText(/, 06:00 GMT-[45]$/).waitFor();

  await page.getByText("No schedule", { exact: true }).first().click();
  await expect.poll(() => page.getByRole("row").count()).toBe(2);
  expect(new URL(page.url()).search).toBe("?state=unscheduled");
  await page.getByLabel("Search").fill("nothing like it");
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await expect.poll(() => page.getByRole("row").count()).toBe(3);
});

test("a schedule is paused with a reason, which everybody sees, and goes on", async () => {
  const node = await startWithDefinitions();
  const page = await openSignedIn(node, "/job-definitions/products");
  await page.getByRole("region", { name: "Schedule" }).getByText("06:00").first().waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByLabel("Reason").fill("stocktaking <b>until Friday</b>");
  await page.getByRole("button", { name: "Pause it" }).click();
  await page.getByText("stocktaking <b>until Friday</b>").first().waitFor();
  const [definition] = (await node.api.jobDefinitions.list()).jobDefinitions;
  expect(definition).toMatchObject({ paused: true, pausedReason: "stocktaking <b>until Friday</b>" });
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByRole("status").getByText("Active").waitFor();
  await page.getByRole("region", { name: "History" }).getByText("Resumed").waitFor();
});

test("the ledger tells of each occurrence what came of it, and why", async () => {
  const node = await startWithDefinitions();
  const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();
  const { jobId } = await node.api.jobDefinitions.execute("products");
  const uuid = jobId.slice(9);
  await writeLedger(node.database, "products", [
    { at: hoursAgo(30), outcome: "missed", reason: "no node was running" },
    { at: hoursAgo(2), outcome: "late", reason: "made up for", jobId: uuid, lateMs: 95_000 },
  ]);
  const page = await openSignedIn(node, "/job-definitions/products");
  const ledger = page.getByRole("region", { name: "What came of its occurrences" });
  await ledger.getByText("1 min 35 s late").waitFor();
  await ledger.getByText("no node was running").waitFor();
  await ledger.getByText("Missed", { exact: true }).first().click();
  await expect.poll(() => ledger.getByRole("listitem").count()).toBe(1);
});

test("of a schedule that fires often the newest occurrences are shown, and one goes back from them", async () => {
  const node = await startWithDefinitions();
  const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
  const often = Array.from({ length: 250 }, (_, index) => daysAgo(1 + (index + 1) / 10_000));
  await writeLedger(
    node.database,
    "products",
    often.map((at) => ({ at, outcome: "skipped", reason: "often" })),
  );
  await writeLedger(node.database, "products", [{ at: daysAgo(0.5), outcome: "missed", reason: "the newest" }]);
  const page = await openSignedIn(node, "/job-definitions/products");
  const ledger = page.getByRole("region", { name: "What came of its occurrences" });
  await ledger.getByText("the newest").waitFor();
  await ledger.getByRole("button", { name: "Earlier" }).click();
  await ledger.getByText("often").first().waitFor();
  await ledger.getByRole("button", { name: "Later" }).click();
  await ledger.getByText("the newest").waitFor();
});

test("it is run with other params, run for a past range, and deleted after a word of what that means", async () => {
  const node = await startWithDefinitions();
  const page = await openSignedIn(node, "/job-definitions/products", { expected: ["404 (Not Found)"] });
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Run a past range…" }).click();
  await page.getByRole("button", { name: "Run them" }).click();
  await page.getByText("1 occurrence has its job.").waitFor();

  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Run with other params…" }).click();
  await page.getByLabel("Params (JSON)").fill('{"a": 2}');
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.waitForURL("**/jobs/*");
  const [newest] = (await node.api.jobs.list({ trigger: "api" })).jobs;
  expect(await node.api.jobs.get(newest?.jobId ?? "")).toMatchObject({ params: { a: 2 } });

  await page.getByRole("link", { name: "products" }).click();
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await page.getByText("Its jobs run on to their end and stay readable").waitFor();
  await page.getByRole("button", { name: "Delete it" }).click();
  await page.getByRole("heading", { name: "Definitions", exact: true }).waitFor();
  expect((await node.api.jobDefinitions.list()).jobDefinitions.map((one) => one.jobDefinitionCode)).toEqual(["purge"]);
});

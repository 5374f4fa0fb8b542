/** Every page, light and dark, wide and on a phone: usable by everybody, and light to load. */
import { randomUUID } from "node:crypto";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { firstLoad, mostFirstLoad } from "../../scripts/page-size.ts";
import { expectAccessible, expectNoSidewaysScroll, isLoaded, openPage, openSignedIn } from "../support/browser.ts";
import { upload } from "../support/files.ts";
import { openTestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";
import { writeLedger } from "../support/written-ledger.ts";

let node: Awaited<ReturnType<typeof openTestNode>>;
let failed: string;

beforeAll(async () => {
  node = await openTestNode();
  const { jobId } = await node.api.jobTypes.execute("failing", {
    params: { times: 2, retryable: true },
    options: { retry: { maxAttempts: 2, initialSeconds: 0 } },
  });
  failed = jobId;
  await node.api.jobTypes.execute("echo", { params: { text: "hello", list: [{ a: 1 }, { a: 2 }] } });
  await waitForJob(node.api, jobId);
  await node.api.jobDefinitions.create({
    jobDefinition: {
      jobDefinitionCode: "nightly",
      name: "Products of every shop, and of all of their warehouses",
      jobType: "echo",
      params: { shops: ["berlin", "toronto"] },
      schedule: { cron: "30 2 * * *", timeZone: "America/Toronto" },
    },
  });
  await node.api.jobDefinitions.change("nightly", {
    jobDefinition: {
      params: { shops: ["berlin"] },
      options: { priority: 3 },
      description: "Until the shop opens again.",
    },
  });
  await writeLedger(node.database, "nightly", [
    { at: yesterday, outcome: "missed", reason: "No node was running." },
    { at: new Date(Date.parse(yesterday) - 3_600_000).toISOString(), outcome: "fired", jobId: randomUUID(), lateMs: 9 },
  ]);
  const refused = {
    line: 2,
    number: 1,
    identifier: "A-1",
    step: "sourceSchema",
    pointer: "/amount",
    message: "must be number",
  };
  await upload(node, "incoming", [
    [`${"orders of every shop and all of its warehouses ".repeat(4)}.csv`, "id\n1\n"],
    [errorsFile, JSON.stringify({ ...refused, record: { id: "A-1", amount: "lots".repeat(100) } })],
  ]);
  await node.api.secrets.put("apiToken", { value: "what nobody may see", hosts: ["api.example.com"] });
  await node.api.jobDefinitions.create({
    jobDefinition: {
      jobDefinitionCode: "nightly-export-of-all-orders-to-the-warehouse",
      jobType: "echo",
      schedule: { cron: "*/5 * * * *" },
    },
  });
  await writeLedger(node.database, "nightly-export-of-all-orders-to-the-warehouse", [
    { at: minutesAgo(60), outcome: "fired", jobId: randomUUID() },
    { at: minutesAgo(120), until: minutesAgo(90), count: 7, outcome: "skipped", reason: "paused" },
    { at: minutesAgo(180), outcome: "missed", reason: "the node was down" },
  ]);
});
afterAll(() => node.close());

const errorsFile = "orders.csv.20261124_060000.errors.jsonl";
const yesterday = new Date(Date.now() - 86_400_000).toISOString();
function minutesAgo(minutes: number): string {
  return new Date(Math.floor(Date.now() / 60_000 - minutes) * 60_000).toISOString();
}

/** Each page with a heading by which it is known to be there. */
const pages = [
  { name: "overview", path: () => "/", heading: "Timeline" },
  { name: "jobs", path: () => "/jobs", heading: "Jobs" },
  { name: "a job", path: () => `/jobs/${failed}`, heading: "Timeline" },
  { name: "definitions", path: () => "/job-definitions", heading: "Definitions" },
  { name: "a definition", path: () => "/job-definitions/nightly", heading: "Schedule" },
  { name: "its versions", path: () => "/job-definitions/nightly/versions", heading: "Versions" },
  { name: "the types to choose from", path: () => "/job-definitions/~new", heading: "New definition" },
  { name: "the editor", path: () => "/job-definitions/nightly/edit", heading: "What that means" },
  { name: "the calendar", path: () => "/calendar", heading: "Crowded minutes" },
  { name: "buckets", path: () => "/buckets", heading: "Files" },
  { name: "a bucket", path: () => "/buckets/incoming", heading: "incoming" },
  { name: "a file", path: () => `/buckets/incoming/file?filename=${errorsFile}`, heading: "Refused records" },
  { name: "job types", path: () => "/job-types", heading: "Call a webservice" },
  { name: "a job type", path: () => "/job-types/callWebserviceEndpoint", heading: "Params" },
  { name: "secrets", path: () => "/secrets", heading: "Secrets" },
  { name: "notifications", path: () => "/notifications", heading: "Notifications" },
  { name: "settings", path: () => "/settings", heading: "API keys" },
] as const;

const views = [
  { colorScheme: "light", width: 1280, rules: "all" },
  { colorScheme: "dark", width: 1280, rules: "colours" },
  { colorScheme: "light", width: 375, rules: "all" },
] as const;

/** Looks at one page in each way, without loading it again. */
async function expectFit(page: Page): Promise<void> {
  for (const { colorScheme, width, rules } of views) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ state: "attached" });
    await isLoaded(page);
    // Colours that are still on their way from light to dark have no contrast yet.
    await page.evaluate(coloursHaveSettled);
    await expectAccessible(page, rules);
    await expectNoSidewaysScroll(page);
  }
}

const coloursHaveSettled = `new Promise(requestAnimationFrame).then(() => Promise.allSettled(
  document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished)))
  .then(() => undefined)`;

test.each(pages)("$name, light and dark, wide and on a phone", async ({ path, heading }) => {
  const page = await openSignedIn(node, path());
  await page.getByRole("heading", { name: heading, exact: true }).waitFor();
  await expectFit(page);
});

test("the way in, light and dark, wide and on a phone", async () => {
  const page = await openPage(node);
  await page.goto("/");
  await page.getByLabel("Customer code").waitFor();
  await expectFit(page);
});

test("the first load is light", async () => {
  expect(await firstLoad(new URL("dist/web/", pathToFileURL(`${process.cwd()}/`)))).toBeLessThan(mostFirstLoad);
});

test("an address that leads nowhere says so", async () => {
  const page = await openSignedIn(node, "/settings/nowhere");
  await page.getByRole("heading", { name: "There is nothing here" }).waitFor();
});

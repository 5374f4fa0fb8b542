/** Secrets, job types and settings. */
import { expect, test } from "vitest";
import { expectAccessible, openSignedIn } from "../support/browser.ts";
import { startTestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

test("a secret is made, replaced and deleted, and its value is never shown", async () => {
  const node = await startTestNode();
  const page = await openSignedIn(node, "/secrets", { expected: ["status of 400"] });
  const answers: Promise<string>[] = [];
  page.on("response", (response) => {
    if (response.url().includes("/secrets")) answers.push(response.text().catch(() => ""));
  });
  await page.getByRole("heading", { name: "No secrets yet" }).waitFor();
  await page.getByRole("button", { name: "New secret" }).click();
  await page.getByLabel("Code").fill("api token");
  await page.getByLabel("Value", { exact: false }).first().fill("hunter2-first");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Code").fill("apiToken");
  await page.getByRole("button", { name: "Save" }).click();
  const row = page.getByRole("row").filter({ hasText: "apiToken" });
  await row.getByText("any host").waitFor();
  expect(await page.content()).not.toContain("hunter2");

  await page.getByRole("button", { name: "Replace apiToken" }).click();
  await page.getByLabel("New value").fill("hunter2-second");
  await page.getByLabel("May be sent to").first().fill("api.example.com");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Save" }).click();
  await row.getByText("api.example.com").waitFor();
  expect(await page.content()).not.toContain("hunter2");
  expect((await Promise.all(answers)).join()).not.toContain("hunter2");

  await page.getByRole("button", { name: "Delete apiToken" }).click();
  await page.getByRole("button", { name: "Delete the secret" }).click();
  await page.getByRole("heading", { name: "No secrets yet" }).waitFor();
  expect((await node.api.secrets.list()).secrets).toEqual([]);
});

test("a job type is read about and tried", async () => {
  const node = await startTestNode();
  const page = await openSignedIn(node, "/job-types");
  await page.getByRole("link", { name: "Failing" }).click();
  await page.getByText("whole number").waitFor();
  await page.getByRole("button", { name: "Try it" }).click();
  await page.getByLabel("Params (JSON)").fill('{"times": 0, "retryable": false}');
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByRole("heading", { name: "Timeline" }).waitFor();
  expect((await node.api.jobs.list({ jobType: "failing" })).jobs).toHaveLength(1);
});

test("a person is added, gets a key that is shown once, and loses both", async () => {
  const node = await startTestNode();
  const page = await openSignedIn(node, "/settings");
  await page.getByRole("button", { name: "Add a person" }).click();
  await page.getByRole("dialog").getByLabel("Email").fill("kim@example.com");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("table", { name: "People" }).getByText("kim@example.com").waitFor();

  await page.getByRole("button", { name: "Make a key" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Kim's laptop");
  await page.getByRole("dialog").getByLabel("Person").fill("kim@example.com");
  await page.getByRole("button", { name: "Make the key" }).click();
  const key = (await page.getByLabel("The new key", { exact: true }).textContent()) ?? "";
  expect(key).toMatch(/^pnc_/);
  await page.getByRole("button", { name: "I have it" }).click();
  await page.getByRole("table", { name: "API keys" }).getByText("Kim's laptop").waitFor();
  expect(await page.content()).not.toContain(key);

  await page.getByRole("button", { name: "Remove kim@example.com" }).click();
  await page.getByRole("button", { name: "Remove the person" }).click();
  await page.getByText("Kim's laptop").waitFor({ state: "detached" });
  expect((await node.api.users.list()).users.map(({ email }) => email)).not.toContain("kim@example.com");
});

test("mail that waits is told with what to set, here and at first sight, and so is the schedulers' lag", async () => {
  const node = await startTestNode();
  const page = await openSignedIn(node, "/settings");
  await page.getByText("No mail server is set; no mail waits.").waitFor();
  await page.getByText("Schedules fire in time: the lag is below 5 seconds. 1 of the nodes fires them.").waitFor();
  const { jobId } = await node.api.jobTypes.execute("echo", {
    options: { sendCompletionEmail: true, emailList: ["shop@example.com"] },
  });
  await waitForJob(node.api, jobId);
  await expect.poll(async () => (await node.api.mail.get()).mail.waiting).toBe(2);
  await page.goto("/");
  const note = page.getByRole("complementary", { name: "Mail" });
  await note.getByText("2 mails wait: no mail server is set.").waitFor();
  await expectAccessible(page);
  await note.getByRole("link", { name: "What to set" }).click();
  await page.getByText("Mail waits: 2 are still to be sent.").waitFor();
  await page.getByText("smtp://name:password@mail.example.com:587").waitFor();
});

test("schedules that are behind are told by how much", async () => {
  const node = await startTestNode({ services: "byHand" });
  await node.api.jobDefinitions.create({
    jobDefinition: { jobDefinitionCode: "hourly", jobType: "echo", schedule: { cron: "0 * * * *" } },
  });
  await node.database.sql`update schedule set next_fire_at = app_now() - interval '3 minutes'`;
  const page = await openSignedIn(node, "/settings");
  await page.getByText("Schedules are behind: the one that waits longest was due 3 min").waitFor();
  await page.goto("/");
  await page.getByText("Schedules fire 3 min", { exact: false }).waitFor();
});

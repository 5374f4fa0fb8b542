/** Alerts, webhooks and exclusions in the editor: fields and JSON in step, faults at their field. */
import { expect, test } from "vitest";
import { expectAccessible, openSignedIn } from "../support/browser.ts";
import { startTestNode } from "../support/nodes.ts";

test("alerts and webhooks are written in fields, and refused at their field", async () => {
  const node = await startTestNode({ services: "byHand" });
  await node.api.secrets.put("shop-webhook", { value: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" });
  const page = await openSignedIn(node, "/job-definitions/~new?type=echo", { expected: ["400 (Bad Request)"] });
  await page.getByLabel("Code").fill("orders");
  const options = page.getByRole("region", { name: "Options" });

  await options.getByRole("button", { name: "Add an alert" }).click();
  const first = options.getByRole("region", { name: "Alert 1" });
  await first.getByLabel("Times in a row").fill("5");
  await first.getByRole("checkbox", { name: "Webhooks" }).check();
  await options.getByRole("button", { name: "Add an alert" }).click();
  const second = options.getByRole("region", { name: "Alert 2" });
  await second.getByLabel("Tell when").click();
  await page.getByRole("option", { name: "There has been no success" }).click();
  await second.getByLabel("For longer than").fill("30");
  await second.getByRole("checkbox", { name: "Mail" }).uncheck();

  const make = page.getByRole("button", { name: "Make the definition" });
  await make.click();
  await second.getByText("must not be empty").waitFor();
  await second.getByRole("checkbox", { name: "Notification" }).check();
  await make.click();
  await first.getByText("options.webhooks has none that is told of alerts").waitFor();
  await expectAccessible(page);

  await second.getByLabel("For longer than").fill("86400");
  await options.getByRole("button", { name: "Add a webhook" }).click();
  const webhook = options.getByRole("region", { name: "Webhook 1" });
  await webhook.getByLabel("Address").fill("ftp://example.com/hook");
  await webhook.getByLabel("Signed with").click();
  await page.getByRole("option", { name: "{{secrets.shop-webhook}}" }).click();
  await webhook.getByRole("checkbox", { name: "Completed" }).uncheck();
  await make.click();
  await expect.poll(() => webhook.getByLabel("Address").getAttribute("aria-invalid")).toBe("true");
  await webhook.getByLabel("Address").fill("https://example.com/hook");
  await expectAccessible(page);

  await options.getByText("JSON", { exact: true }).click();
  const json = options.getByLabel("Options (JSON)");
  expect(JSON.parse(await json.inputValue())).toEqual({
    alerts: [
      { when: "failures", failures: 5, by: ["mail", "webhook"] },
      { when: "noSuccess", afterSeconds: 86_400, by: ["notification"] },
    ],
    webhooks: [{ url: "https://example.com/hook", secret: "{{secrets.shop-webhook}}", events: ["failed", "alert"] }],
  });
  await make.click();
  await page.getByRole("button", { name: "Run now" }).waitFor();
  const { jobDefinition } = await node.api.jobDefinitions.get("orders");
  expect(jobDefinition.options).toMatchObject({
    alerts: [
      { when: "failures", failures: 5, by: ["mail", "webhook"] },
      { when: "noSuccess", afterSeconds: 86_400, by: ["notification"] },
    ],
    webhooks: [{ url: "https://example.com/hook", secret: "{{secrets.shop-webhook}}", events: ["failed", "alert"] }],
  });
});

test("options as JSON come back into their fields; what no field can show is told and not taken", async () => {
  const node = await startTestNode({ services: "byHand" });
  await node.api.jobDefinitions.create({
    jobDefinition: {
      jobDefinitionCode: "orders",
      jobType: "echo",
      options: { alerts: [{ when: "late", afterSeconds: 60, by: ["mail"] }] },
    },
  });
  const page = await openSignedIn(node, "/job-definitions/orders/edit", { expected: ["400 (Bad Request)"] });
  const options = page.getByRole("region", { name: "Options" });
  await options.getByText("JSON", { exact: true }).click();
  const json = options.getByLabel("Options (JSON)");
  await json.fill('{"alerts": {"when": "late"}}');
  await options.getByText("/alerts: must be a list").waitFor();
  await json.fill('{"alerts": [{"when": "later", "by": ["mail"]}], "emailList": ["a@example.com"]}');
  await page.getByRole("button", { name: "Save" }).click();
  await options.getByText("/alerts/0/when:").waitFor();
  await json.fill(
    '{"alerts": [{"when": "longRun", "afterSeconds": 7200, "by": ["mail"]}], "emailList": ["a@example.com"]}',
  );
  await options.getByText("Form", { exact: true }).click();
  const alert = options.getByRole("region", { name: "Alert 1" });
  expect(await alert.getByLabel("Longer than").inputValue()).toBe("7200 s = 2 h");
  await options.getByRole("button", { name: "Remove alert 1" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Run now" }).waitFor();
  const { jobDefinition } = await node.api.jobDefinitions.get("orders");
  expect(jobDefinition.options).toMatchObject({ alerts: [], emailList: ["a@example.com"] });
});

test("a schedule leaves out days and times, by fields and by JSON", async () => {
  const node = await startTestNode({ services: "byHand" });
  await node.api.jobDefinitions.create({
    jobDefinition: { jobDefinitionCode: "orders", jobType: "echo", schedule: { cron: "0 6 * * *" } },
  });
  const page = await openSignedIn(node, "/job-definitions/orders/edit", { expected: ["400 (Bad Request)"] });
  const schedule = page.getByRole("region", { name: "Schedule", exact: true });
  await schedule.getByText("Days left out, overlap", { exact: false }).click();
  await schedule.getByLabel("Not on the days").fill("2027-12-24");
  await schedule.getByRole("button", { name: "Leave it out" }).click();
  await schedule.getByRole("listitem").getByText("2027-12-24").waitFor();
  const times = schedule.getByLabel("Not at the times of");
  await times.fill("* * 32 * *");
  await times.press("Enter");
  await schedule.getByText("* * 32 * *:", { exact: false }).waitFor();
  await times.press("Backspace");
  await times.fill("* * * * 0,6");
  await times.press("Enter");
  await schedule.getByLabel("Not what is older than").fill("600");
  await expectAccessible(page);

  await schedule.getByText("JSON", { exact: true }).click();
  const json = schedule.getByLabel("Schedule (JSON)");
  const written = JSON.parse(await json.inputValue());
  expect(written).toMatchObject({
    cron: "0 6 * * *",
    exclude: { dates: ["2027-12-24"], crons: ["* * * * 0,6"] },
    catchUpWindowSeconds: 600,
  });
  await json.fill(JSON.stringify({ ...written, cron: "0 7 * * *", exclude: { dates: ["2027-12-24", "2027-12-25"] } }));
  await page.getByRole("status").getByText("At 07:00").waitFor();
  await schedule.getByText("Form", { exact: true }).click();
  await schedule.getByText("Days left out, overlap", { exact: false }).click();
  await schedule.getByRole("button", { name: "Let it fire on 2027-12-24" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Run now" }).waitFor();
  const { jobDefinition } = await node.api.jobDefinitions.get("orders");
  expect(jobDefinition.schedule).toMatchObject({
    cron: "0 7 * * *",
    exclude: { dates: ["2027-12-25"], crons: [] },
    catchUpWindowSeconds: 600,
  });
});

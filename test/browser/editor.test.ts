/** Making and changing a definition. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { expectAccessible, openSignedIn } from "../support/browser.ts";
import { startTestNode } from "../support/nodes.ts";

/** What has the focus, as a screen reader would name it. */
const focused = `(() => {
  const element = document.activeElement;
  return (element.labels?.[0]?.textContent ?? element.getAttribute("aria-label") ?? element.textContent ?? "").trim();
})()`;

/** Presses Tab until a field, link or button has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate<string>(focused);
    if (found === name || found === `${name} *`) return;
    passed.push(found);
  }
  throw new Error(`Tab does not lead to ${name}, but to ${passed.join(", ")}`);
}

test("a call of a webservice is scheduled with the keyboard alone", async () => {
  const node = await startTestNode({ services: "byHand" });
  const page = await openSignedIn(node, "/job-definitions");
  await page.getByRole("heading", { name: "No definitions yet: prepare the first job" }).waitFor();
  await tabTo(page, "New definition");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Call a webservice" }).waitFor();
  await tabTo(page, "Call a webservice");
  await page.keyboard.press("Enter");
  await page.getByLabel("URL").waitFor();
  await tabTo(page, "Name");
  await page.keyboard.type("Orders of Café Ümlaut");
  await tabTo(page, "URL");
  await page.keyboard.type("https://api.example.com/orders");
  await tabTo(page, "Runs on a schedule");
  await page.keyboard.press("Space");
  await tabTo(page, "Weekdays");
  await page.keyboard.press("Space");
  await page.getByRole("status").getByText("At 06:00, Monday to Friday").waitFor();
  await expectAccessible(page);
  await tabTo(page, "Make the definition");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Orders of Café Ümlaut" }).waitFor();
  const [definition] = (await node.api.jobDefinitions.list()).jobDefinitions;
  expect(definition).toMatchObject({
    jobDefinitionCode: "orders-of-cafe-umlaut",
    jobType: "callWebserviceEndpoint",
    params: { url: "https://api.example.com/orders" },
    schedule: { cron: "0 6 * * 1-5", timeZone: "Europe/Berlin" },
  });
});

test("what the node refuses is told at its field; form and JSON are in step", async () => {
  const node = await startTestNode({ services: "byHand" });
  const page = await openSignedIn(node, "/job-definitions/~new?type=callWebserviceEndpoint", {
    expected: ["400 (Bad Request)"],
  });
  await page.getByLabel("Code").fill("orders");
  await page.getByLabel("URL").fill("ftp://files.example.com/orders");
  await page.getByText(/^\d+ more fields$/).click();
  await page.getByLabel("Largest answer").fill("0");
  await page.getByRole("button", { name: "Make the definition" }).click();
  await expect.poll(() => page.getByLabel("URL").getAttribute("aria-invalid")).toBe("true");
  await page.locator("#params_url-error").waitFor();
  await expectAccessible(page);

  const writing = page.getByRole("radiogroup", { name: "How to write the params" });
  await writing.getByText("JSON", { exact: true }).click();
  const json = page.getByLabel("Params (JSON)");
  expect(JSON.parse(await json.inputValue())).toMatchObject({ url: "ftp://files.example.com/orders" });
  await json.fill('{"url": "https://files.example.com/orders", "method": "POST", "headers": {"X-Shop": "1"}}');
  await writing.getByText("Form", { exact: true }).click();
  expect(await page.getByLabel("URL").inputValue()).toBe("https://files.example.com/orders");
  await page.getByRole("button", { name: "Make the definition" }).click();
  await page.getByRole("button", { name: "Run now" }).waitFor();
  const [definition] = (await node.api.jobDefinitions.list()).jobDefinitions;
  expect(definition?.params).toEqual({
    url: "https://files.example.com/orders",
    method: "POST",
    headers: { "X-Shop": "1" },
  });
});

test("a schedule is told in words, and an edit by what it changes", async () => {
  const node = await startTestNode({ services: "byHand" });
  const schedule = { cron: "0 6 * * *", timeZone: "Europe/Berlin" };
  for (const jobDefinitionCode of ["products", "prices"]) {
    await node.api.jobDefinitions.create({ jobDefinition: { jobDefinitionCode, jobType: "echo", schedule } });
  }
  const page = await openSignedIn(node, "/job-definitions/products/edit", { expected: ["400 (Bad Request)"] });
  const meaning = page.getByRole("region", { name: "What that means" });
  await meaning.getByText("No occurrence changes.").waitFor();
  await meaning.getByText("1 other schedule fires in the minute of its next occurrence: prices").waitFor();

  await page.getByLabel("Cron").fill("61 * * * *");
  await expect.poll(() => page.getByLabel("Cron").getAttribute("aria-invalid")).toBe("true");
  // Quartz, on the last Friday of each month.
  await page.getByLabel("Cron").fill("0 30 9 ? * 6L");
  await meaning.getByText("Quartz, Europe/Berlin").waitFor();
  await meaning.getByRole("region", { name: "What the edit changes" }).getByText("50 occurrences go").waitFor();
  await page.getByRole("button", { name: "The month after" }).click();
  await expect.poll(() => meaning.getByText("09:30", { exact: true }).count()).toBe(1);

  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Run now" }).waitFor();
  const found = (await node.api.jobDefinitions.list()).jobDefinitions.find(
    ({ jobDefinitionCode }) => jobDefinitionCode === "products",
  );
  expect(found).toMatchObject({ version: 2, schedule: { cron: "0 30 9 ? * 6L" } });
});

test("what is written is run before it is saved; a copy of a definition is another", async () => {
  const node = await startTestNode();
  await node.api.jobDefinitions.create({
    jobDefinition: { jobDefinitionCode: "flaky", jobType: "failing", params: { times: 1, retryable: false } },
  });
  const page = await openSignedIn(node, "/job-definitions/~new?from=flaky");
  await page.getByRole("button", { name: "Test run" }).click();
  const run = page.getByRole("region", { name: "Test run" });
  await run.getByText("Failed", { exact: true }).waitFor();
  await page.getByLabel("times").fill("0");
  await page.getByRole("button", { name: "Test run" }).click();
  await run.getByText("Completed", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Make the definition" }).click();
  await page.getByRole("heading", { name: "flaky (copy)" }).waitFor();
  const codes = (await node.api.jobDefinitions.list()).jobDefinitions.map((one) => one.jobDefinitionCode);
  expect(codes).toEqual(["flaky", "flaky-copy"]);
});

/** What a definition said before: what differs, and the way back. */
import { expect, test } from "vitest";
import { openSignedIn } from "../support/browser.ts";
import { addPerson } from "../support/customers.ts";
import { sender } from "../support/http.ts";
import { startTestNode } from "../support/nodes.ts";

const markup = "<img src=x onerror=alert(1)>\u202eturned";

test("versions are compared field by field, and a former one is gone back to", async () => {
  const node = await startTestNode({ services: "byHand" });
  await node.api.jobDefinitions.create({
    jobDefinition: {
      jobDefinitionCode: "orders",
      name: "Orders",
      jobType: "echo",
      params: { url: "https://one.example.com/orders", note: markup },
      schedule: { cron: "0 6 * * *" },
    },
  });
  const editor = await addPerson(node, "editor");
  await sender(editor)("PATCH", "/job-definitions/orders", {
    jobDefinition: {
      params: { url: "https://two.example.com/orders" },
      options: { retry: { maxAttempts: 3 } },
      schedule: { cron: "0 7 * * *" },
    },
  });
  await node.api.jobDefinitions.change("orders", { jobDefinition: { description: "Asked for by the shop." } });

  const page = await openSignedIn(node, "/job-definitions/orders");
  await page.getByRole("link", { name: "Versions, and what differs" }).click();
  await page.getByText("From version 2 to 3 1 field changed.").waitFor();
  await page.getByRole("region", { name: "Differences: What it is" }).getByText("Asked for by the shop.").waitFor();

  await page.getByRole("link", { name: /Version 2/ }).click();
  await page.getByText("From version 1 to 2 4 fields changed.").waitFor();
  await page.getByText("Saved by editor@demo.example").waitFor();
  expect(new URL(page.url()).search).toBe("?version=2");
  const params = page.getByRole("region", { name: "Differences: Params" });
  expect(await params.locator("del").allTextContents()).toEqual(["one"]);
  expect(await params.locator("ins").allTextContents()).toEqual(["two"]);
  expect(await params.textContent()).toContain("<U+202E>turned");
  await page.getByRole("region", { name: "Differences: Options" }).getByText("retry › maxAttempts").waitFor();
  expect(await page.locator("img").count()).toBe(0);

  await page.getByRole("link", { name: /Version 1/ }).click();
  await page.getByText("It is the first that is kept").waitFor();
  await page.getByRole("button", { name: "Go back to version 1" }).click();
  await page.getByRole("dialog").getByText("as version 4").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Go back", exact: true }).click();
  await page.getByRole("heading", { name: "Orders" }).waitFor();
  const { jobDefinition } = await node.api.jobDefinitions.get("orders");
  expect(jobDefinition).toMatchObject({
    version: 4,
    description: "",
    params: { url: "https://one.example.com/orders", note: markup },
    options: { retry: { maxAttempts: 1 } },
    schedule: { cron: "0 6 * * *" },
  });
});

test("what another has saved meanwhile is not written over by going back", async () => {
  const node = await startTestNode({ services: "byHand" });
  const code = "orders";
  await node.api.jobDefinitions.create({ jobDefinition: { jobDefinitionCode: code, jobType: "echo", name: "One" } });
  await node.api.jobDefinitions.change(code, { jobDefinition: { name: "Two" } });
  const page = await openSignedIn(node, `/job-definitions/${code}/versions?version=1&with=2`, {
    expected: ["412 (Precondition Failed)"],
  });
  await page.getByRole("button", { name: "Go back to version 1" }).click();
  await page.route("**/job-definitions/orders", async (route) => {
    if (route.request().method() !== "PUT") return route.continue();
    await node.api.jobDefinitions.change(code, { jobDefinition: { name: "Three" } });
    return route.continue();
  });
  await page.getByRole("dialog").getByRole("button", { name: "Go back", exact: true }).click();
  await page.getByRole("dialog").getByText("it is at version 3").waitFor();
  expect((await node.api.jobDefinitions.get(code)).jobDefinition).toMatchObject({ version: 3, name: "Three" });
});

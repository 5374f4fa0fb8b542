/** Buckets, and bringing files into them and taking them away. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { expectAccessible, isLoaded, openSignedIn } from "../support/browser.ts";
import { upload } from "../support/files.ts";
import { sender } from "../support/http.ts";
import { startTestNode } from "../support/nodes.ts";

const files = (page: Page) => page.getByRole("table", { name: "Files" }).getByRole("link", { name: /^\S+\.csv$/ });

test("a bucket is made, renamed and deleted; one with files only together with them", async () => {
  const node = await startTestNode({ services: "byHand" });
  await upload(node, "incoming", [["orders.csv", "id\n1\n"]]);
  const page = await openSignedIn(node, "/buckets", { expected: ["400 (Bad Request)", "409 (Conflict)"] });
  await page.getByRole("button", { name: "New bucket" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Code").fill("no code");
  await dialog.getByRole("button", { name: "Make the bucket" }).click();
  await expect.poll(() => dialog.getByLabel("Code").getAttribute("aria-invalid")).toBe("true");
  await dialog.getByLabel("Code").fill("orders");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "orders" }).waitFor();
  await page.getByRole("button", { name: "Rename orders" }).click();
  await dialog.getByLabel("Name").fill("Orders <b>of</b> every shop");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Orders <b>of</b> every shop" }).waitFor();
  await page.getByRole("button", { name: "Delete orders" }).click();
  await page.getByRole("button", { name: "Delete the bucket" }).click();
  await expect.poll(() => page.getByRole("link", { name: "Orders <b>of</b> every shop" }).count()).toBe(0);

  await page.getByRole("button", { name: "Delete incoming" }).click();
  await page.getByRole("button", { name: "Delete the bucket" }).click();
  await dialog.getByRole("alert").waitFor();
  await expectAccessible(page);
  await dialog.getByLabel("Also delete the file in it").check();
  await page.getByRole("button", { name: "Delete it and its files" }).click();
  await expect.poll(() => page.getByRole("link", { name: "incoming" }).count()).toBe(0);
  expect((await sender(node)("GET", "/buckets")).body).toMatchObject({
    buckets: [{ bucketCode: "invalid" }, { bucketCode: "processed" }, { bucketCode: "skipped" }],
  });
});

test("files are chosen or dropped, each tells how it went, and what was refused is sent again", async () => {
  const node = await startTestNode({ services: "byHand", environment: { PUNCTUAL_MAX_FILE_BYTES: "1024" } });
  const page = await openSignedIn(node, "/buckets/incoming", { expected: ["413 (Payload Too Large)"] });
  await page.getByRole("heading", { name: "No files yet: bring the first" }).waitFor();
  await page.locator('input[type="file"]').setInputFiles([
    { name: "orders_1.csv", mimeType: "text/csv", buffer: Buffer.from("id\n1\n") },
    { name: "large.csv", mimeType: "text/csv", buffer: Buffer.alloc(2_000, "x") },
  ]);
  await page.getByText("1 of 2 uploaded, 1 refused").waitFor();
  await page.getByRole("alert").getByText("larger than 1024 bytes").waitFor();
  await page.getByRole("link", { name: "orders_1.csv", exact: true }).waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Take large.csv off the list" }).click();
  await page.getByText("1 of 1 uploaded").waitFor();

  const dropped = await page.evaluateHandle(`(() => {
    const data = new DataTransfer();
    data.items.add(new File(["id\\n2\\n"], "orders_2.csv"));
    return data;
  })()`);
  await page.getByRole("table", { name: "Files" }).dispatchEvent("drop", { dataTransfer: dropped });
  await page.getByText("2 of 2 uploaded").waitFor();
  await expect.poll(() => files(page).allInnerTexts()).toEqual(["orders_1.csv", "orders_2.csv"]);
  await page.getByRole("button", { name: "Clear the list" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download orders_2.csv" }).click();
  expect((await download).suggestedFilename()).toBe("orders_2.csv");
});

test("files are picked by a pattern in the address, and deleted one by one or by it", async () => {
  const node = await startTestNode({ services: "byHand" });
  const names = [
    "a*.csv",
    "a1.csv",
    "a2.csv",
    "b.csv",
    "b2.csv",
    ...Array.from({ length: 50 }, (_, at) => `c${at}.csv`),
  ];
  await upload(
    node,
    "incoming",
    names.map((name) => [name, name] as const),
  );
  const page = await openSignedIn(node, "/buckets/incoming");
  await expect.poll(() => files(page).count()).toBe(50);
  await page.getByRole("button", { name: "Next" }).click();
  await expect.poll(() => files(page).count()).toBe(5);
  await page.getByRole("button", { name: "First" }).click();
  await page.getByLabel("Name", { exact: true }).fill("a*");
  await expect.poll(() => files(page).allInnerTexts()).toEqual(["a*.csv", "a1.csv", "a2.csv"]);
  expect(page.url()).toBe(`${node.origin}/buckets/incoming?pattern=a*`);
  // Its name fits others too; they stay.
  await page.getByRole("button", { name: "Delete a*.csv" }).click();
  await page.getByRole("button", { name: "Delete the file" }).click();
  await expect.poll(() => files(page).allInnerTexts()).toEqual(["a1.csv", "a2.csv"]);
  await page.getByRole("button", { name: "Delete by pattern…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Delete 2 files" }).waitFor();
  await dialog.getByLabel("Files whose name fits").fill("b?.csv");
  await dialog.getByText("b2.csv").waitFor();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Delete 1 file" }).click();
  await expect.poll(() => dialog.count()).toBe(0);
  await page.goto("/buckets/incoming?pattern=b*");
  await expect.poll(() => files(page).allInnerTexts()).toEqual(["b.csv"]);
});

test("a name or a line that is meant to harm is text", async () => {
  const node = await startTestNode({ services: "byHand" });
  const filename = "<img src=x onerror=alert(1)>\u202egnp.csv.20261124_060000.errors.jsonl";
  const refused = [
    {
      line: 2,
      number: 1,
      identifier: "<script>alert(1)</script>",
      step: "sourceSchema",
      pointer: "/a",
      message: "must be <b>bold</b>",
      record: { a: "\u001b[31mred" },
    },
    "no JSON at all",
    {
      line: 3,
      number: 2,
      identifier: null,
      step: "transformers/0",
      pointer: "",
      message: "no",
      record: { deep: ["x".repeat(300_000)] },
    },
  ];
  const lines = refused.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join("\n");
  await upload(node, "invalid", [[filename, lines]]);
  const page = await openSignedIn(node, "/buckets/invalid");
  await page.getByRole("link", { name: "<img src=x onerror=alert(1)><U+202E>gnp.csv" }).first().click();
  const rows = page.getByRole("table", { name: "Refused records" }).getByRole("row");
  await expect.poll(() => rows.count()).toBe(3);
  await rows.nth(1).getByText("<script>alert(1)</script>").waitFor();
  await rows.nth(2).getByText("This line was not written by a job.").waitFor();
  // The third line is longer than what is read at once.
  await page.getByRole("button", { name: "Read on" }).click();
  await expect.poll(() => rows.count()).toBe(4);
  await rows.nth(1).getByText('{"a":"').click();
  await rows.nth(1).getByText("␛[31mred").last().waitFor();
  await page.getByRole("button", { name: "1 × /a must be <b>bold</b>" }).click();
  await expect.poll(() => rows.count()).toBe(2);
  await isLoaded(page);
  await expectAccessible(page);
});

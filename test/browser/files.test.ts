/** What is in files. */
import { expect, test } from "vitest";
import { expectAccessible, openSignedIn, useBrowser } from "../support/browser.ts";
import { upload } from "../support/files.ts";
import { startTestNode } from "../support/nodes.ts";

useBrowser();

const orders = "id,amount,note\n1,10.5,<script>alert(1)</script>\n2,lots,\n3,7,ok\n";

test("a file shows its first records, read as its name or somebody says", async () => {
  const node = await startTestNode({ services: "byHand" });
  await upload(node, "incoming", [
    ["orders.csv", orders],
    ["orders.xml", "<orders><order><id>7</id></order><order><id>8</id></order></orders>"],
  ]);
  const page = await openSignedIn(node, "/buckets/incoming/file?filename=orders.csv");
  const rows = page.getByRole("table", { name: "First records" }).getByRole("row");
  await expect
    .poll(() => rows.allInnerTexts())
    .toEqual(["Line\tid\tamount\tnote", "2\t1\t10.5\t<script>alert(1)</script>", "3\t2\tlots\t", "4\t3\t7\tok"]);
  await page.getByText("All 3 records.").waitFor();
  await page.goto("/buckets/incoming/file?filename=orders.xml");
  await page.getByRole("alert").getByText("XML needs parseOptions.recordPath").waitFor();
  await page.getByRole("combobox", { name: "Format", exact: true }).click();
  await page.getByRole("option", { name: "XML" }).click();
  await page.getByLabel("Path of a record").fill("/orders/order");
  await page.getByText("All 2 records.").waitFor();
  await expectAccessible(page);
  expect(new URL(page.url()).searchParams.get("parse")).toBe('{"format":"xml","recordPath":"/orders/order"}');
});

test("a bucket is chosen for a download", async () => {
  const node = await startTestNode({ services: "byHand" });
  const page = await openSignedIn(node, "/job-definitions/~new?type=downloadFile");
  await page.getByRole("combobox", { name: "Bucket" }).click();
  await page.getByRole("option", { name: "incoming" }).click();
  await expectAccessible(page);
  await page.getByText("JSON", { exact: true }).click();
  expect(JSON.parse(await page.getByLabel("Params (JSON)").inputValue())).toEqual({ bucketCode: "incoming" });
});

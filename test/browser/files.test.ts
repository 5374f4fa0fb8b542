/** What is in files, setting up work on them, and what came of it. */
import { expect, test } from "vitest";
import { expectAccessible, isLoaded, openSignedIn } from "../support/browser.ts";
import { download, upload } from "../support/files.ts";
import { startTestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

const orders = "id,amount,note\n1,10.5,<script>alert(1)</script>\n2,lots,\n3,7,ok\n";

test("a file shows its first records, read as its name or somebody says", async () => {
  const node = await startTestNode({ services: "byHand" });
  await upload(node, "incoming", [
    ["orders.csv", orders],
    ["orders.xml", "<orders><order><id>7</id></order><order><id>8</id></order></orders>"],
  ]);
  const page = await openSignedIn(node, "/buckets/incoming/file?filename=orders.csv", {
    expected: ["400 (Bad Request)"],
  });
  const rows = page.getByRole("table", { name: "First records" }).getByRole("row");
  await expect
    .poll(() => rows.allInnerTexts())
    .toEqual(["Line\tid\tamount\tnote", "2\t1\t10.5\t<script>alert(1)</script>", "3\t2\tlots\t", "4\t3\t7\tok"]);
  await page.getByText("All 3 records.").waitFor();
  await page.goto("/buckets/incoming/file?filename=orders.xml");
  await page.getByText("is needed for XML").waitFor();
  await page.getByRole("combobox", { name: "Format", exact: true }).click();
  await page.getByRole("option", { name: "XML" }).click();
  await page.getByLabel("Path of a record").fill("/orders/order");
  await page.getByText("All 2 records.").waitFor();
  await expectAccessible(page);
  expect(new URL(page.url()).searchParams.get("parse")).toBe('{"format":"xml","recordPath":"/orders/order"}');
});

test("a transformation is set up with its first records in sight, and what it refused is mended and run again", async () => {
  const node = await startTestNode();
  await upload(node, "incoming", [["orders_1.csv", orders]]);
  const page = await openSignedIn(node, "/job-definitions/~new?type=transformDataFiles", {
    expected: ["400 (Bad Request)"],
  });
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Orders for the shop");
  await page.getByRole("combobox", { name: "Bucket", exact: true }).fill("incoming");
  await page.getByLabel("Files whose name fits").fill("orders_*.csv");
  await page.getByText("1 file fits now: orders_1.csv").waitFor();
  const rows = page.getByRole("table", { name: "First records" }).getByRole("row");
  await expect.poll(() => rows.count()).toBe(4);

  await page.getByRole("button", { name: "Begin with what the file shows: Source schema" }).click();
  const schema = page.getByRole("textbox", { name: "Source schema" });
  expect(JSON.parse(await schema.inputValue())).toEqual({
    type: "object",
    required: ["id", "amount"],
    properties: { id: { type: "integer" }, amount: { type: "string" }, note: { type: "string" } },
  });
  await schema.fill('{"properties": {"id": {"type": "integer"}, "amount": {"type": "number"}}}');
  await page.getByText("must be number").waitFor();
  await schema.fill('{"properties": {"amount": {"type": "nonsense"}}}');
  await expect.poll(() => schema.getAttribute("aria-invalid")).toBe("true");
  await schema.fill('{"properties": {"id": {"type": "integer"}, "amount": {"type": "number"}}}');

  await page.getByRole("button", { name: "Choose fields" }).click();
  await page.getByRole("button", { name: "Add all 3 of the file" }).click();
  await page.getByRole("button", { name: "Remove note" }).click();
  await page.getByLabel("Name of amount").fill("total");
  await page.getByRole("button", { name: "Add a field" }).click();
  await page.getByLabel("Name of field 3").fill("currency");
  await page.getByRole("combobox", { name: "What currency is", exact: true }).click();
  await page.getByRole("option", { name: "is always" }).click();
  await page.getByLabel("Value of currency").fill("EUR");
  await page.getByRole("button", { name: "Write JSONata" }).click();
  await page.getByLabel("Expression").fill("total > 8 ? $ : null");
  await page.getByText("All 3 records: 1 refused, 1 dropped.").waitFor();
  await page.getByText("Transformer 1", { exact: true }).click();
  await expect
    .poll(() => rows.allInnerTexts())
    .toEqual(["Line\tid\ttotal\tcurrency", "2\t1\t10.5\tEUR", "4\t3\t7\tEUR"]);
  await page.getByRole("combobox", { name: "Bucket for the new file" }).fill("processed");
  await page.getByRole("combobox", { name: "Format of the new file", exact: true }).click();
  await page.getByRole("option", { name: "JSON lines" }).click();
  await page.getByLabel("Go on without the records that are refused").check();
  await page.getByLabel("Field that names a record").fill("id");
  await isLoaded(page);
  await expectAccessible(page);
  await page.setViewportSize({ width: 375, height: 800 });
  // The page is laid out anew after a moment.
  await expect.poll(() => page.evaluate("document.documentElement.scrollWidth")).toBe(375);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole("button", { name: "Make the definition" }).click();
  await page.getByRole("button", { name: "Run now" }).waitFor();
  const [definition] = (await node.api.jobDefinitions.list()).jobDefinitions;
  expect(definition?.params).toEqual({
    incomingBucketCode: "incoming",
    filenamePattern: "orders_*.csv",
    sourceSchema: { properties: { id: { type: "integer" }, amount: { type: "number" } } },
    recordIdentifierField: "id",
    transformers: [
      { type: "mapping", fields: { id: "id", total: "amount", currency: { value: "EUR" } } },
      { type: "jsonata", expression: "total > 8 ? $ : null" },
    ],
    targetBucketCode: "processed",
    targetFormat: { format: "jsonl" },
    skipInvalidRecords: true,
  });

  const { jobId } = await node.api.jobDefinitions.execute("orders-for-the-shop");
  await waitForJob(node.api, jobId);
  expect((await download(node, "processed", "orders_1.jsonl")).text).toBe('{"id":1,"total":10.5,"currency":"EUR"}\n');
  await page.goto(`/jobs/${jobId}`);
  const report = page.getByRole("table", { name: "Files" });
  await expect
    .poll(() => report.getByRole("cell").allInnerTexts())
    .toEqual([expect.stringContaining("orders_1.csv"), "3", "1", "1", "1"]);
  await expectAccessible(page);
  await report.getByRole("link", { name: "See what was refused" }).click();
  await page.getByRole("table", { name: "Refused records" }).getByText("must be number").waitFor();
  await page.getByRole("button", { name: "Run the rejects again" }).click();
  await page.getByRole("combobox", { name: "As which definition", exact: true }).click();
  await page.getByRole("option", { name: "Orders for the shop" }).click();
  const params = page.getByLabel("Params (JSON)");
  const given: Record<string, unknown> = JSON.parse(await params.inputValue());
  expect(given.rejectsOf).toMatch(/^orders_1\.csv\.\d{8}_\d{6}\.errors\.jsonl$/);
  await params.fill(JSON.stringify({ ...given, sourceSchema: undefined, transformers: undefined }));
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByText("Completed", { exact: true }).waitFor();
  await expect
    .poll(() => report.getByRole("cell").allInnerTexts())
    .toEqual([expect.stringContaining(String(given.rejectsOf)), "1", "1", "0", "0"]);
});

test("a bucket is chosen for a download", async () => {
  const node = await startTestNode({ services: "byHand" });
  const page = await openSignedIn(node, "/job-definitions/~new?type=downloadFile");
  await page.getByRole("combobox", { name: "Bucket" }).click();
  await page.getByRole("option", { name: "incoming" }).click();
  await expectAccessible(page);
  await page.getByRole("region", { name: "Params" }).getByText("JSON", { exact: true }).click();
  expect(JSON.parse(await page.getByLabel("Params (JSON)").inputValue())).toEqual({ bucketCode: "incoming" });
});

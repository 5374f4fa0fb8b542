/** The examples of docs/guides/files.md, run. */
import { readFile } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { download, upload } from "../support/files.ts";
import { sender } from "../support/http.ts";
import { startTestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

// Each file is worked on in a process of its own.
vi.setConfig({ testTimeout: 120_000 });

test("the examples of the guide do what it says", async () => {
  const guide = await readFile(new URL("../../docs/guides/files.md", import.meta.url), "utf8");
  const blocks = (kind: string) =>
    [...guide.matchAll(new RegExp(`\`\`\`${kind}\n([\\s\\S]*?)\`\`\``, "g"))].map(([, block = ""]) => block);
  const [orders = ""] = blocks("csv");
  const [refused, shop] = blocks("jsonl");
  const [check = "", change = "", look = "", seen = "", again = ""] = blocks("json");
  const node = await startTestNode();
  const send = sender(node);

  async function run(definition: string): Promise<Awaited<ReturnType<typeof waitForJob>>> {
    const jobDefinition = JSON.parse(definition);
    expect(await send("POST", "/job-definitions", { jobDefinition })).toMatchObject({ status: 201 });
    const { jobId } = await node.api.jobDefinitions.execute(jobDefinition.jobDefinitionCode);
    return waitForJob(node.api, jobId);
  }

  await upload(node, "incoming", [["orders_1.csv", orders]]);
  const { records, ...shown } = JSON.parse(seen);
  const looked = await send("POST", "/buckets/incoming/_preview", JSON.parse(look));
  expect(looked.body).toMatchObject({ ...shown, records: { ...records, length: 3 } });
  expect(await run(check)).toMatchObject({
    status: "COMPLETED",
    result: { totals: { read: 3, valid: 2, invalid: 1 } },
  });
  const { text } = await send("GET", "/buckets/processed/files?pattern=*.errors.jsonl");
  const errorsName = /"filename":"(orders_1\.csv\.\d{8}_\d{6}\.errors\.jsonl)"/.exec(text)?.[1] ?? "";
  expect((await download(node, "processed", errorsName)).text).toBe(refused);

  const named = again.replace(/orders_1\.csv\.\d+_\d+\.errors\.jsonl/, errorsName);
  expect(await run(named)).toMatchObject({ status: "COMPLETED", result: { totals: { read: 1, valid: 1 } } });

  await upload(node, "incoming", [["orders_1.csv", orders]]);
  expect(await run(change)).toMatchObject({
    status: "COMPLETED",
    result: { totals: { read: 3, valid: 2, invalid: 1 } },
  });
  expect((await download(node, "processed", "orders_1.shop.jsonl")).text).toBe(shop);
});

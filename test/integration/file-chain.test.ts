/** A night's work: files are fetched by a schedule, checked, changed and sent on; people hear of what is wrong. */
import { once } from "node:events";
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test, vi } from "vitest";
import { fakeClock } from "../support/clock.ts";
import { startMailServer } from "../support/mail-server.ts";
import { startTestNode } from "../support/nodes.ts";
import { sendDue } from "../support/outbox.ts";
import { sftpAccount, startSftpServer } from "../support/sftp-server.ts";
import { waitForJob } from "../support/wait-for-job.ts";

// Each file is worked on in a process of its own.
vi.setConfig({ testTimeout: 120_000 });

const rows = 2_000;
const isBad = (row: number): boolean => row % 100 === 17;
const csv = `id,amount\n${Array.from({ length: rows }, (_, row) => `${row},${isBad(row) ? "?" : row / 4}`).join("\n")}\n`;
const sourceSchema = {
  type: "object",
  required: ["id", "amount"],
  properties: { id: { type: "integer" }, amount: { type: "number" } },
};

test("a gzipped CSV is fetched by schedule, validated, transformed to JSONL and sent by SFTP; a mail tells of the rejects", async () => {
  const web = createServer((_, response) => response.end(gzipSync(csv))).listen(0, "127.0.0.1");
  await once(web, "listening");
  onTestFinished(() => void web.close());
  const address = web.address();
  if (address === null || typeof address === "string") throw new Error("the server does not listen");
  const sftp = await startSftpServer();
  onTestFinished(() => sftp.close());
  const mail = await startMailServer();
  const node = await startTestNode({
    services: "byHand",
    flags: { "egress-allow": "127.0.0.1", "smtp-url": mail.url, "mail-from": "Punctual <jobs@example.com>" },
  });
  const clock = fakeClock(node.database);
  await clock.set("2031-03-10T01:59:30Z");
  await node.api.secrets.put("SFTP_PASSWORD", { value: sftpAccount.password });
  const incoming = { incomingBucketCode: "incoming", filenamePattern: "orders_*.csv", sourceSchema };
  const steps = [
    {
      jobDefinitionCode: "fetch-orders",
      jobType: "downloadFile",
      schedule: { cron: "0 2 * * *" },
      params: {
        url: `http://127.0.0.1:${address.port}/orders.csv.gz`,
        bucketCode: "incoming",
        filename: "orders_{{date}}.csv",
        gunzip: true,
      },
    },
    {
      jobDefinitionCode: "check-orders",
      jobType: "validateDataFiles",
      schedule: { cron: "10 2 * * *" },
      params: { ...incoming, recordIdentifierField: "id" },
      options: { sendFailureEmail: true, emailList: ["data@example.com"] },
    },
    {
      jobDefinitionCode: "change-orders",
      jobType: "transformDataFiles",
      schedule: { cron: "20 2 * * *" },
      params: {
        ...incoming,
        skipInvalidRecords: true,
        transformers: [{ type: "jsonata", expression: "{'order': id, 'cents': amount * 100}" }],
        targetSchema: { type: "object", properties: { cents: { type: "integer" } } },
        targetBucketCode: "processed",
        targetFormat: { format: "jsonl" },
        processedBucketCode: "processed",
      },
    },
    {
      jobDefinitionCode: "send-orders",
      jobType: "uploadFile",
      schedule: { cron: "30 2 * * *" },
      params: {
        bucketCode: "processed",
        filename: "orders_{{date}}.jsonl",
        url: `sftp://127.0.0.1:${sftp.port}/inbox/orders_{{date}}.jsonl`,
        auth: { type: "basic", username: sftpAccount.username, password: "{{secrets.SFTP_PASSWORD}}" },
        hostKey: sftp.fingerprint,
      },
    },
  ];
  for (const jobDefinition of steps) await node.api.jobDefinitions.create({ jobDefinition });

  const jobs = [];
  for (const [index, { jobDefinitionCode }] of steps.entries()) {
    await clock.set(`2031-03-10T02:${index}0:00.500Z`);
    await node.run("heartbeat");
    await node.run("fire-schedules");
    await node.run("claim-jobs");
    const { jobs: made } = await node.api.jobs.list({ jobDefinitionCode });
    expect(made).toMatchObject([{ trigger: { kind: "schedule" } }]);
    jobs.push(await waitForJob(node.api, made[0]?.jobId ?? ""));
  }
  await sendDue(node);

  const [fetched, checked, changed, sent] = jobs;
  expect(fetched).toMatchObject({ error: null, result: { filename: "orders_20310310.csv", bytes: csv.length } });
  expect(checked).toMatchObject({
    status: "FAILED",
    error: { code: "RECORDS_INVALID", details: { totals: { read: rows, valid: 1_980, invalid: 20 } } },
  });
  expect(changed).toMatchObject({ error: null, result: { totals: { read: rows, valid: 1_980, invalid: 20 } } });
  expect(sent).toMatchObject({ status: "COMPLETED", error: null });
  const lines = Array.from({ length: rows }, (_, row) => row).filter((row) => !isBad(row));
  expect(String(sftp.files.get("/inbox/orders_20310310.jsonl"))).toBe(
    lines.map((row) => `{"order":${row},"cents":${row * 25}}\n`).join(""),
  );

  expect(mail.mails.map((one) => [one.to, one.parsed.subject])).toEqual([
    [["admin@example.com"], "Failed: check-orders"],
    [["data@example.com"], "Failed: check-orders"],
  ]);
  const told = mail.mails[1]?.parsed.text ?? "";
  expect(told).toMatch(/orders_20310310\.csv: 20 of 2000 records are not valid/);
  expect(told).toMatch(/orders_20310310\.csv\.20310310_\d{6}\.errors\.jsonl/);
});

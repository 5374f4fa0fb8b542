/** Buckets whose bytes lie in S3, here s3rver. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import http from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { download, upload } from "../support/files.ts";
import { sender, statusAndCode } from "../support/http.ts";
import { startTestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

const program = fileURLToPath(new URL("../../node_modules/s3rver/bin/s3rver.js", import.meta.url));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function startS3(): Promise<{
  environment: Record<string, string>;
  blobs(): Promise<string[]>;
  kill(): Promise<void>;
}> {
  const directory = await mkdtemp(join(tmpdir(), "punctual-s3-"));
  const port = await freePort();
  const args = ["--directory", directory, "--address", "127.0.0.1", "--port", `${port}`, "--configure-bucket", "files"];
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await rm(directory, { recursive: true, force: true });
  });
  await once(child.stdout, "data");
  return {
    environment: {
      S3_BUCKET: "files",
      S3_ENDPOINT: `http://127.0.0.1:${port}`,
      S3_ACCESS_KEY_ID: "S3RVER",
      S3_SECRET_ACCESS_KEY: "S3RVER",
      S3_PREFIX: "punctual/",
    },
    async kill() {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
    async blobs() {
      const names = await readdir(join(directory, "files"), { recursive: true });
      return names.filter((name) => name.includes("blobs/") && name.endsWith("._S3rver_object"));
    },
  };
}

test("files lie in S3, come back whole and in parts, and jobs work on them", async () => {
  const s3 = await startS3();
  const node = await startTestNode({ environment: s3.environment });
  const csv = `id,amount\n${Array.from({ length: 200_000 }, (_, row) => `${row},${row === 7 ? "bad" : 1}`).join("\n")}\n`;
  // A gzipped one's reader and Excel's need it at any place; more than a part of a large upload.
  const large = "x".repeat(9 * 1024 * 1024);
  await upload(node, "incoming", [
    ["a.csv", csv],
    ["large.txt", large],
  ]);
  expect(await s3.blobs()).toHaveLength(2);
  expect((await download(node, "incoming", "large.txt")).text === large).toBe(true);
  expect((await download(node, "incoming", "a.csv", { range: "bytes=3-8" })).text).toBe("amount");

  const params = {
    incomingBucketCode: "incoming",
    filenamePattern: "a.csv",
    sourceSchema: { type: "object", properties: { amount: { type: "integer" } } },
    skipInvalidRecords: true,
    processedBucketCode: "processed",
    targetBucketCode: "skipped",
    targetFormat: { format: "jsonl" },
  };
  const { jobId } = await node.api.jobTypes.execute("transformDataFiles", { params });
  expect(await waitForJob(node.api, jobId)).toMatchObject({
    status: "COMPLETED",
    result: { totals: { read: 200_000, valid: 199_999, invalid: 1 } },
  });
  const made = await download(node, "skipped", "a.jsonl");
  expect(made.text.split("\n")).toHaveLength(200_000);
  const spooled = (await readdir(tmpdir())).filter((name) => /^punctual-[0-9a-f-]{36}$/.test(name));
  expect(spooled, "nothing of the local copy has a name").toEqual([]);

  await sender(node)("DELETE", "/buckets/skipped/files?pattern=*");
  await node.database.sql`update blob set changed_at = changed_at - interval '16 minutes'`;
  const before = await s3.blobs();
  await node.run("sweep-files");
  expect(await s3.blobs()).toHaveLength(before.length - 1);
});

/** Stands between a node and its S3; blobs that are read stop after their first bytes. */
async function startStallingGateway(
  endpoint: string,
): Promise<{ endpoint: string; stalled: Promise<void>; leftAlone: Promise<void> }> {
  let stall = (): void => undefined;
  let leave = (): void => undefined;
  const stalled = new Promise<void>((resolve) => (stall = resolve));
  const leftAlone = new Promise<void>((resolve) => (leave = resolve));
  const server = http.createServer((request, response) => {
    const { method, url = "/", headers } = request;
    const onward = http.request(`${endpoint}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      if (method !== "GET" || !url.includes("/blobs/")) return void answer.pipe(response);
      response.once("close", leave);
      answer.once("data", (chunk: Buffer) => {
        answer.pause();
        response.write(chunk.subarray(0, 1_000), () => stall());
      });
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { endpoint: `http://127.0.0.1:${address.port}`, stalled, leftAlone };
}

test("a job that is cancelled while its file is fetched from S3 ends, and the fetching with it", async () => {
  const s3 = await startS3();
  const gateway = await startStallingGateway(s3.environment.S3_ENDPOINT ?? "");
  const node = await startTestNode({ environment: { ...s3.environment, S3_ENDPOINT: gateway.endpoint } });
  await upload(node, "incoming", [["a.csv", `id\n${"1\n".repeat(500_000)}`]]);
  const params = { incomingBucketCode: "incoming", filenamePattern: "*" };
  const { jobId } = await node.api.jobTypes.execute("validateDataFiles", { params });
  await gateway.stalled;
  await node.api.jobs.cancel(jobId);
  expect(await waitForJob(node.api, jobId)).toMatchObject({ status: "FAILED", error: { code: "CANCELLED" } });
  await gateway.leftAlone;
});

/** Only the superuser can mount a small disk. */
const isSuperuser = process.platform === "linux" && process.getuid?.() === 0;

test.runIf(isSuperuser)("a temporary folder without room for a file fails the job, and the file stays", async () => {
  const s3 = await startS3();
  const node = await startTestNode({ environment: s3.environment });
  await upload(node, "incoming", [["a.csv", `id\n${"1\n".repeat(500_000)}`]]);
  const folder = await mkdtemp(join(tmpdir(), "punctual-full-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=100k", "tmpfs", folder]);
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    execFileSync("umount", ["-l", folder]);
    await rm(folder, { recursive: true });
  });
  const params = { incomingBucketCode: "incoming", filenamePattern: "*", invalidBucketCode: "invalid" };
  const { jobId } = await node.api.jobTypes.execute("validateDataFiles", { params });
  expect(await waitForJob(node.api, jobId)).toMatchObject({
    status: "FAILED",
    error: { code: "STORAGE_FULL", message: expect.stringContaining("temporary folder"), retryable: true },
  });
  expect((await sender(node)("GET", "/buckets/incoming/files")).body).toMatchObject({ files: [{ filename: "a.csv" }] });
  expect(await readdir(folder)).toEqual([]);
});

test("a node whose S3 is away says so to whoever needs files", async () => {
  const s3 = await startS3();
  const node = await startTestNode({
    environment: { ...s3.environment, S3_ENDPOINT: `http://127.0.0.1:${await freePort()}` },
  });
  expect(statusAndCode(await upload(node, "incoming", [["a.csv", "x"]]))).toBe("503 UNAVAILABLE");
  expect((await sender(node)("GET", "/buckets/incoming/files")).body).toMatchObject({ files: [] });
});

test("an S3 that goes away after it was used is told as one, and the file stays", async () => {
  const s3 = await startS3();
  const node = await startTestNode({ environment: s3.environment });
  await upload(node, "incoming", [["a.csv", "id\n1\n"]]);
  await s3.kill();
  expect(statusAndCode(await upload(node, "incoming", [["b.csv", "x"]]))).toBe("503 UNAVAILABLE");
  const downloaded = await sender(node)("GET", "/buckets/incoming/download?filename=a.csv");
  expect(statusAndCode(downloaded)).toBe("503 UNAVAILABLE");
  const params = { incomingBucketCode: "incoming", filenamePattern: "*", invalidBucketCode: "invalid" };
  const { jobId } = await node.api.jobTypes.execute("validateDataFiles", { params });
  expect(await waitForJob(node.api, jobId)).toMatchObject({
    status: "FAILED",
    error: { code: "STORAGE_UNAVAILABLE", retryable: true },
  });
  expect((await sender(node)("GET", "/buckets/incoming/files")).body).toMatchObject({ files: [{ filename: "a.csv" }] });
});

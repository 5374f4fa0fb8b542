/** Files that are fetched into buckets and sent from them, against real servers. */
import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import ssh2 from "ssh2";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { download, upload } from "../support/files.ts";
import { openTestNode } from "../support/nodes.ts";
import { type SftpServer, sftpAccount, startSftpServer } from "../support/sftp-server.ts";

const content = randomBytes(1_500_000);
const passphrase = "key-pass-5520";
const keys = ssh2.utils.generateKeyPairSync("ed25519", { passphrase, cipher: "aes256-cbc", rounds: 16 });
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));

let node: Awaited<ReturnType<typeof openTestNode>>;
let server: Server;
let origin: string;
let sftp: SftpServer;
let requests: IncomingMessage[] = [];
let received: Buffer[] = [];
/** How the next requests are answered, by path. */
const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  "/whole": (_, response) => response.end(content),
  "/gzip": (_, response) => response.end(gzipSync(content)),
  "/padded": (_, response) => response.end(Buffer.concat([gzipSync("EVIL"), Buffer.alloc(2 * 1024 * 1024)])),
  "/padded-short": (_, response) => {
    response.writeHead(200, { "content-length": 8 * 1024 * 1024 });
    response.write(Buffer.concat([gzipSync("EVIL"), Buffer.alloc(2 * 1024 * 1024)]), () => response.destroy());
  },
  "/bomb": (_, response) => response.end(bomb),
  "/encoded": (_, response) => response.setHeader("content-encoding", "gzip").end(gzipSync(content)),
  "/missing": (_, response) => response.writeHead(404).end('{"error":"no such report"}'),
  "/inwards": (_, response) => response.writeHead(302, { location: "http://10.0.0.1/secret" }).end(),
  "/short": (_, response) => {
    response.writeHead(200, { "content-length": content.length });
    response.write(content.subarray(0, 1_000), () => response.destroy());
  },
  "/long": (_, response) => {
    response.socket?.end(`HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n12345and more that was not said`);
  },
  "/broken": (request, response) => brokenOnce(request, response, '"v1"'),
  "/changing": (request, response) => brokenOnce(request, response, `"v${requests.length}"`),
  "/no-ranges": (request, response) => brokenOnce(request, response, undefined),
  "/put": (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push(Buffer.concat(chunks));
      response.writeHead(201, { "content-type": "application/json" }).end('{"stored":true}');
    });
  },
  "/moved": (_, response) => response.writeHead(307, { location: "/put" }).end(),
  "/full": (request, response) => {
    request.resume();
    request.on("end", () => response.writeHead(507).end("no room"));
  },
};

function brokenOnce(request: IncomingMessage, response: ServerResponse, etag: string | undefined): void {
  if (etag !== undefined) response.setHeader("etag", etag);
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const isRest = from > 0 && etag !== undefined && request.headers["if-range"] === etag;
  if (requests.length === 1) {
    response.writeHead(200, { "content-length": content.length });
    response.write(content.subarray(0, 400_000), () => setImmediate(() => response.destroy()));
    return;
  }
  if (!isRest) return void response.end(content);
  response.writeHead(206, { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` });
  response.end(content.subarray(from));
}

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(request);
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    (routes[path] ?? routes["/missing"])?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server does not listen");
  origin = `http://127.0.0.1:${address.port}`;
  sftp = await startSftpServer(keys.public);
  node = await openTestNode({ flags: { "egress-allow": "127.0.0.1" } });
  await node.api.secrets.put("SFTP_PASSWORD", { value: sftpAccount.password });
});

afterAll(async () => {
  await node.close();
  await sftp.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

beforeEach(() => {
  requests = [];
  received = [];
  sftp.files.clear();
  sftp.holdAfterBytes = null;
  sftp.claimedBytes = null;
  sftp.refusesRename = false;
  sftp.written.length = 0;
  sftp.logins.length = 0;
});

async function run(jobType: string, params: Record<string, unknown>) {
  const { jobId } = await node.api.jobTypes.execute(jobType, { params });
  return node.api.jobs.get(jobId, { waitSeconds: 30 });
}

function fetchFile(path: string, filename: string, more: Record<string, unknown> = {}) {
  return run("downloadFile", { url: `${origin}${path}`, bucketCode: "incoming", filename, ...more });
}

function overSftp(path: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    url: `sftp://127.0.0.1:${sftp.port}${path}`,
    auth: { type: "basic", username: sftpAccount.username, password: "{{secrets.SFTP_PASSWORD}}" },
    hostKey: sftp.fingerprint,
    bucketCode: "incoming",
    ...more,
  };
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function statusOfFile(filename: string): Promise<number> {
  return (await download(node, "incoming", filename)).status;
}

async function bytesOfFile(filename: string): Promise<Buffer> {
  const query = new URLSearchParams({ filename });
  const answer = await fetch(`${node.origin}/vue/_api/v1/buckets/incoming/download?${query}`, {
    headers: { authorization: `Bearer ${node.apiKey}`, "x-customer-code": node.customerCode },
  });
  return Buffer.from(await answer.arrayBuffer());
}

describe("downloadFile", () => {
  test("stores what comes, checked, under a name that is filled in", async () => {
    const sha256 = hashOf(content).toUpperCase();
    const job = await fetchFile("/whole", "orders_{{job.id}}.bin", { sha256, expectedBytes: content.length });
    const filename = `orders_${job.jobId}.bin`;
    expect(job).toMatchObject({
      status: "COMPLETED",
      result: { bucketCode: "incoming", filename, bytes: content.length, sha256: hashOf(content), resumes: 0 },
    });
    expect(hashOf(await bytesOfFile(filename))).toBe(hashOf(content));
  });

  test.each(["/gzip", "/encoded"])("unpacks %s on the way", async (path) => {
    const filename = `unpacked${path.slice(1)}.bin`;
    const job = await fetchFile(path, filename, { gunzip: true });
    expect(job).toMatchObject({ status: "COMPLETED", result: { sha256: hashOf(content) } });
    expect(hashOf(await bytesOfFile(filename))).toBe(hashOf(content));
  });

  test("asks for the rest after a broken connection, and for that of the same version only", async () => {
    const job = await fetchFile("/broken", "resumed.bin", { sha256: hashOf(content) });
    expect(job).toMatchObject({ status: "COMPLETED", result: { resumes: 1, bytes: content.length } });
    expect(requests[1]?.headers).toMatchObject({
      "if-range": '"v1"',
      range: expect.stringMatching(/^bytes=[1-9]\d*-$/),
    });
    expect(hashOf(await bytesOfFile("resumed.bin"))).toBe(hashOf(content));
  });

  test.each(["/changing", "/no-ranges"])("begins anew where the rest cannot be had: %s", async (path) => {
    const filename = `anew${path.slice(1)}.bin`;
    const job = await fetchFile(path, filename, { expectedBytes: content.length });
    expect(job).toMatchObject({ status: "COMPLETED", result: { resumes: 1, sha256: hashOf(content) } });
    expect(hashOf(await bytesOfFile(filename))).toBe(hashOf(content));
  });

  test.each([
    ["/short", {}, "CONNECTION_LOST"],
    ["/missing", {}, "HTTP_STATUS"],
    ["/inwards", {}, "ADDRESS_NOT_ALLOWED"],
    ["/whole", { sha256: "0".repeat(64) }, "CHECKSUM_MISMATCH"],
    ["/whole", { expectedBytes: 7 }, "CHECKSUM_MISMATCH"],
    ["/whole", { maxBytes: 1_000 }, "FILE_TOO_LARGE"],
    ["/whole", { gunzip: true }, "INVALID_RESPONSE"],
    ["/bomb", { gunzip: true }, "INVALID_RESPONSE"],
    ["/padded", { gunzip: true }, "INVALID_RESPONSE"],
    ["/padded", { gunzip: true, sha256: "0".repeat(64), expectedBytes: 7 }, "INVALID_RESPONSE"],
    ["/padded-short", { gunzip: true }, "INVALID_RESPONSE"],
    ["/bomb", { gunzip: true, maxBytes: 1_000_000 }, "FILE_TOO_LARGE"],
    ["/whole", { bucketCode: "no-such-bucket" }, "BUCKET_NOT_FOUND"],
  ])("fails with a cause and leaves no file: %s %j", async (path, more, code) => {
    const job = await fetchFile(path, "never.bin", more);
    expect(job).toMatchObject({
      status: "FAILED",
      error: { code, details: { cause: expect.any(String), remedy: expect.any(String) } },
    });
    expect(await statusOfFile("never.bin")).toBe(404);
  });

  test("takes of a server that sends more than it said what it said", async () => {
    expect(await fetchFile("/long", "long.bin")).toMatchObject({ status: "COMPLETED", result: { bytes: 5 } });
  });

  test.each([
    [{ filename: "../passwd" }, "/params/filename"],
    [{ filename: "{{secrets.SFTP_PASSWORD}}.bin" }, "/params/filename"],
    [{ url: "ftp://files.example.com/a" }, "/params/url"],
    [{ url: "file:///etc/passwd" }, "/params/url"],
    [{ url: "sftp://files.example.com/a", auth: { type: "basic", username: "a", password: "b" } }, "/params/hostKey"],
    [{ url: "sftp://files.example.com/", hostKey: `SHA256:${"a".repeat(43)}` }, "/params/auth"],
    [{ hostKey: "SHA256:short" }, "/params/hostKey"],
    [{ sha256: "xyz" }, "/params/sha256"],
  ])("refuses %j at once", async (more, path) => {
    const params = { url: `${origin}/whole`, bucketCode: "incoming", filename: "a.bin", ...more };
    const error = await node.api.jobTypes.execute("downloadFile", { params }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      problem: {
        status: 400,
        code: "VALIDATION_FAILED",
        errors: expect.arrayContaining([expect.objectContaining({ path })]),
      },
    });
  });
});

describe("over sftp", () => {
  test("a file is fetched, also when the connection breaks in its middle", async () => {
    sftp.files.set("/out/orders one.bin", content);
    sftp.cutAfterBytes = 1_200_000;
    const job = await run(
      "downloadFile",
      overSftp("/out/orders%20one.bin", { filename: "sftp.bin", sha256: hashOf(content) }),
    );
    expect(job.error).toBeNull();
    expect(job).toMatchObject({ status: "COMPLETED", result: { resumes: 1, bytes: content.length } });
    expect(hashOf(await bytesOfFile("sftp.bin"))).toBe(hashOf(content));
  });

  test("a file is sent under another name until it is whole, and takes the place of the one before", async () => {
    await upload(node, "incoming", [["sent.bin", new Uint8Array(content)]]);
    sftp.files.set("/in/sent.bin", Buffer.from("before"));
    const job = await run("uploadFile", overSftp("/in/sent.bin", { filename: "sent.bin" }));
    expect(job).toMatchObject({ status: "COMPLETED", result: { bytes: content.length, sha256: hashOf(content) } });
    expect([...sftp.files.keys()]).toEqual(["/in/sent.bin"]);
    expect(sftp.files.get("/in/sent.bin")?.equals(content)).toBe(true);
    expect(sftp.written).toEqual([`/in/.${job.jobId}.part`]);
  });

  test("an account is entered by a private key that is a secret", async () => {
    await node.api.secrets.put("SFTP_KEY", { value: keys.private });
    await node.api.secrets.put("SFTP_PASSPHRASE", { value: passphrase });
    await upload(node, "incoming", [["keyed.bin", "by key"]]);
    const username = sftpAccount.username;
    const auth = {
      type: "privateKey",
      username,
      privateKey: "{{secrets.SFTP_KEY}}",
      passphrase: "{{secrets.SFTP_PASSPHRASE}}",
    };
    const job = await run("uploadFile", overSftp("/in/keyed.bin", { filename: "keyed.bin", auth }));
    expect(job).toMatchObject({ status: "COMPLETED", error: null });
    expect(String(sftp.files.get("/in/keyed.bin"))).toBe("by key");
    expect(sftp.logins).toContain("publickey");
    expect(sftp.logins).not.toContain("password");
    const wrong = await run(
      "uploadFile",
      overSftp("/in/keyed.bin", { filename: "keyed.bin", auth: { ...auth, passphrase: "another" } }),
    );
    expect(wrong).toMatchObject({ status: "FAILED", error: { details: { remedy: expect.any(String) } } });
    expect(JSON.stringify(wrong)).not.toContain(keys.private.slice(60, 100));
  });

  test.each(["uploadFile", "downloadFile"])(
    "a %s that is cancelled in its middle ends, and its session with it",
    async (jobType) => {
      sftp.files.set("/held.bin", content);
      await upload(node, "incoming", [["held.bin", new Uint8Array(content)]]);
      const held = new Promise<void>((resolve) => {
        sftp.onHold = resolve;
      });
      sftp.holdAfterBytes = 600_000;
      const path = jobType === "uploadFile" ? "/in/held.bin" : "/held.bin";
      const filename = jobType === "uploadFile" ? "held.bin" : "never.bin";
      const { jobId } = await node.api.jobTypes.execute(jobType, { params: overSftp(path, { filename }) });
      await held;
      await node.api.jobs.cancel(jobId);
      expect(await node.api.jobs.get(jobId, { waitSeconds: 30 })).toMatchObject({
        status: "FAILED",
        error: { code: "CANCELLED" },
      });
      await expect.poll(() => sftp.connections()).toBe(0);
      expect(sftp.files.has("/in/held.bin")).toBe(false);
      expect(await statusOfFile("never.bin")).toBe(404);
      expect(await node.database.sql`select from blob where state = 'pending'`).toHaveLength(0);
    },
  );

  test("a server with another host key gets no login", async () => {
    const hostKey = `SHA256:${"A".repeat(43)}`;
    const job = await run("downloadFile", overSftp("/out/a.bin", { filename: "never.bin", hostKey }));
    expect(job).toMatchObject({
      status: "FAILED",
      error: { code: "HOST_KEY_MISMATCH", details: { hostKey: sftp.fingerprint, remedy: expect.any(String) } },
    });
    expect(sftp.logins).toEqual([]);
  });

  test.each([
    [{ auth: { type: "basic", username: "shop", password: "wrong" } }, "/out/a.bin", "LOGIN_FAILED"],
    [{ auth: { type: "privateKey", username: "shop", privateKey: "no key" } }, "/out/a.bin", "INVALID_PARAMS"],
    [{}, "/out/none.bin", "SFTP_STATUS"],
    [{ url: "sftp://10.0.0.1/a.bin" }, "", "ADDRESS_NOT_ALLOWED"],
    [{ url: "sftp://0x0a000001/a.bin" }, "", "ADDRESS_NOT_ALLOWED"],
  ])("fails with a cause: %j %s", async (more, path, code) => {
    const job = await run("downloadFile", overSftp(path, { filename: "never.bin", ...more }));
    expect(job).toMatchObject({ status: "FAILED", error: { code, details: { remedy: expect.any(String) } } });
    expect(JSON.stringify(job)).not.toContain(sftpAccount.password);
  });

  test("a folder that the account may not write to fails the upload and leaves nothing", async () => {
    await upload(node, "incoming", [["sent.bin", "a"]]);
    const job = await run("uploadFile", overSftp("/locked/sent.bin", { filename: "sent.bin" }));
    expect(job).toMatchObject({ status: "FAILED", error: { code: "SFTP_STATUS", retryable: false } });
    expect([...sftp.files.keys()]).toEqual([]);
  });

  test("a file whose old one is gone and whose name is refused stays under the name that it was sent as", async () => {
    await upload(node, "incoming", [["sent.bin", "after"]]);
    sftp.files.set("/in/sent.bin", Buffer.from("before"));
    sftp.refusesRename = true;
    const job = await run("uploadFile", overSftp("/in/sent.bin", { filename: "sent.bin" }));
    const part = `/in/.${job.jobId}.part`;
    expect(job).toMatchObject({
      status: "FAILED",
      error: { code: "SFTP_STATUS", message: expect.stringContaining(part), details: { leftAs: part } },
    });
    expect(String(sftp.files.get(part))).toBe("after");
  });

  test("a file that ends far before the size that the server tells fails, and is not asked for on and on", async () => {
    sftp.files.set("/out/a.bin", Buffer.from("short"));
    sftp.claimedBytes = 2 ** 50;
    const job = await run("downloadFile", overSftp("/out/a.bin", { filename: "never.bin" }));
    expect(job).toMatchObject({ status: "FAILED", error: { code: "CONNECTION_LOST" } });
    expect(await statusOfFile("never.bin")).toBe(404);
  });

  test("a secret that is bound to other hosts is not sent", async () => {
    await node.api.secrets.put("BOUND", { value: "bound-pass-3312", hosts: ["files.example.com"] });
    const auth = { type: "basic", username: "shop", password: "{{secrets.BOUND}}" };
    const job = await run("downloadFile", overSftp("/out/a.bin", { filename: "never.bin", auth }));
    expect(job).toMatchObject({ status: "FAILED", error: { code: "SECRET_NOT_ALLOWED" } });
    expect(sftp.logins).toEqual([]);
  });
});

describe("uploadFile", () => {
  test.each(["/put", "/moved"])("sends a file with its length to %s", async (path) => {
    await upload(node, "incoming", [["sent.bin", new Uint8Array(content)]]);
    const job = await run("uploadFile", { url: `${origin}${path}`, bucketCode: "incoming", filename: "sent.bin" });
    expect(job).toMatchObject({
      status: "COMPLETED",
      result: { status: 201, bytes: content.length, sha256: hashOf(content), body: { stored: true } },
    });
    expect(received.map(hashOf)).toEqual([hashOf(content)]);
    expect(requests.at(-1)).toMatchObject({
      method: "PUT",
      headers: { "content-length": String(content.length), "idempotency-key": job.jobId },
    });
  });

  test("sends an empty file", async () => {
    await upload(node, "incoming", [["empty.bin", ""]]);
    const job = await run("uploadFile", {
      url: `${origin}/put`,
      bucketCode: "incoming",
      filename: "empty.bin",
      method: "POST",
    });
    expect(job).toMatchObject({ status: "COMPLETED", result: { bytes: 0 } });
    expect(received.map((bytes) => bytes.length)).toEqual([0]);
  });

  test("fails with what the other end says", async () => {
    await upload(node, "incoming", [["sent.bin", "a"]]);
    const job = await run("uploadFile", { url: `${origin}/full`, bucketCode: "incoming", filename: "sent.bin" });
    expect(job).toMatchObject({
      status: "FAILED",
      error: { code: "HTTP_STATUS", details: { response: { status: 507 } } },
    });
  });

  test("fails where there is no such file", async () => {
    const job = await run("uploadFile", { url: `${origin}/put`, bucketCode: "incoming", filename: "none.bin" });
    expect(job).toMatchObject({ status: "FAILED", error: { code: "FILE_NOT_FOUND" } });
    expect(requests).toEqual([]);
  });
});

describe("saveResponseTo", () => {
  test("stores the body of an answer, and the result tells where", async () => {
    const saveResponseTo = { bucketCode: "incoming", filename: "answer.bin" };
    const job = await run("callWebserviceEndpoint", { url: `${origin}/encoded`, saveResponseTo });
    expect(job).toMatchObject({
      status: "COMPLETED",
      result: { status: 200, body: null, file: { ...saveResponseTo, bytes: content.length, sha256: hashOf(content) } },
    });
    expect(hashOf(await bytesOfFile("answer.bin"))).toBe(hashOf(content));
  });

  test.each([
    ["/short", {}, "CONNECTION_LOST"],
    ["/missing", {}, "HTTP_STATUS"],
    ["/whole", { maxBytes: 10 }, "FILE_TOO_LARGE"],
  ])("leaves no file where the call fails: %s %j", async (path, more, code) => {
    const saveResponseTo = { bucketCode: "incoming", filename: "never.bin", ...more };
    const job = await run("callWebserviceEndpoint", { url: `${origin}${path}`, saveResponseTo });
    expect(job).toMatchObject({ status: "FAILED", error: { code } });
    expect(await statusOfFile("never.bin")).toBe(404);
  });
});

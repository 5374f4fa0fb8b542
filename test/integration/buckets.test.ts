import { createHash, randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import http from "node:http";
import { expect, test } from "vitest";
import { addCustomer } from "../support/customers.ts";
import { download, upload } from "../support/files.ts";
import { prefix, sender, statusAndCode } from "../support/http.ts";
import { startTestNode, type TestNode } from "../support/nodes.ts";

/** The blobs that lie in the node's storage. */
async function blobsOf(node: TestNode): Promise<string[]> {
  const entries = await readdir(`${node.dataDir}/files`, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && entry.name !== "storage-id").map((entry) => entry.name);
}

test("a new customer has the four buckets; others are made, renamed, listed and deleted", async () => {
  const node = await startTestNode({ services: "byHand" });
  const send = sender(node);
  const listed = await send("GET", "/buckets?limit=3");
  expect(listed.body).toMatchObject({
    buckets: [
      { bucketCode: "incoming", name: "Incoming", fileCount: 0 },
      { bucketCode: "invalid" },
      { bucketCode: "processed" },
    ],
    nextCursor: expect.any(String),
  });
  const made = await send("PUT", "/buckets/orders", { dataBucketEntry: { name: "Orders" } });
  expect(made).toMatchObject({ status: 201, body: { dataBucketEntry: { bucketCode: "orders", name: "Orders" } } });
  const renamed = await send("PUT", "/buckets/orders", { dataBucketEntry: { name: "Orders, raw" } });
  expect(renamed).toMatchObject({ status: 200, body: { dataBucketEntry: { name: "Orders, raw" } } });
  await upload(node, "orders", [["a.csv", "1"]]);
  expect(statusAndCode(await send("DELETE", "/buckets/orders"))).toBe("409 CONFLICT");
  expect((await send("DELETE", "/buckets/orders?force=true")).status).toBe(204);
  expect(statusAndCode(await send("GET", "/buckets/orders/files"))).toBe("404 NOT_FOUND");
});

test("what was uploaded comes back byte for byte, also in parts", async () => {
  const node = await startTestNode({ services: "byHand" });
  const bytes = randomBytes(300_000);
  const answer = await upload(node, "incoming", [
    ["ünïcode – 名.bin", new Uint8Array(bytes)],
    ["empty.txt", ""],
  ]);
  expect(answer).toMatchObject({
    status: 200,
    body: [
      { filename: "ünïcode – 名.bin", message: "Successfully uploaded." },
      { filename: "empty.txt", message: "Successfully uploaded." },
    ],
  });
  const files = await sender(node)("GET", "/buckets/incoming/files");
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  expect(files.body).toMatchObject({
    files: [
      { filename: "empty.txt", bytes: 0 },
      { filename: "ünïcode – 名.bin", bytes: 300_000, sha256 },
    ],
    nextCursor: null,
  });
  const url = `${node.origin}${prefix}/buckets/incoming/download?filename=${encodeURIComponent("ünïcode – 名.bin")}`;
  const headers = { authorization: `Bearer ${node.apiKey}`, "x-customer-code": "demo" };
  const whole = await fetch(url, { headers });
  expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
  expect(whole.headers.get("content-disposition")).toBe(
    `attachment; filename="_n_code _ _.bin"; filename*=UTF-8''%C3%BCn%C3%AFcode%20%E2%80%93%20%E5%90%8D.bin`,
  );
  expect(whole.headers.get("content-type")).toBe("application/octet-stream");
  expect(whole.headers.get("x-content-type-options")).toBe("nosniff");
  const part = await fetch(url, { headers: { ...headers, range: "bytes=100-199" } });
  expect(part.status).toBe(206);
  expect(part.headers.get("content-range")).toBe("bytes 100-199/300000");
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(100, 200))).toBe(true);
  const changed = await fetch(url, { headers: { ...headers, range: "bytes=0-1", "if-range": '"another"' } });
  expect(changed.status).toBe(200);
  expect((await fetch(url, { method: "HEAD", headers })).headers.get("content-length")).toBe("300000");
  expect(statusAndCode(await download(node, "incoming", "empty.txt", { range: "bytes=5-" }))).toBe(
    "416 RANGE_NOT_SATISFIABLE",
  );
  expect((await download(node, "incoming", "empty.txt")).text).toBe("");
});

test("a file takes the place of one that has its name, and the bytes of the old one go", async () => {
  const node = await startTestNode({ services: "byHand" });
  await upload(node, "incoming", [["a.txt", "old"]]);
  await upload(node, "incoming", [
    ["a.txt", "between"],
    ["a.txt", "new"],
  ]);
  expect((await download(node, "incoming", "a.txt")).text).toBe("new");
  expect(await blobsOf(node)).toHaveLength(3);
  await node.run("sweep-files");
  expect(await blobsOf(node), "somebody may still be reading").toHaveLength(3);
  await node.database.sql`update blob set changed_at = changed_at - interval '16 minutes'`;
  await node.run("sweep-files");
  expect(await blobsOf(node)).toHaveLength(1);
  expect((await download(node, "incoming", "a.txt")).text).toBe("new");
});

test("a pattern that backtracks where others do finds nothing at once", async () => {
  const node = await startTestNode({ services: "byHand" });
  await upload(node, "incoming", [["a".repeat(255), "x"]]);
  const pattern = encodeURIComponent(`${"*a".repeat(120)}*b`);
  expect((await sender(node)("GET", `/buckets/incoming/files?pattern=${pattern}`)).body).toMatchObject({ files: [] });
});

test("files are listed page by page, picked by a pattern, and deleted by one", async () => {
  const node = await startTestNode({ services: "byHand" });
  const send = sender(node);
  const names = ["a_1.csv", "a_2.csv", "a%2.csv", "b.csv", "ab.csv"];
  await upload(
    node,
    "incoming",
    names.map((name) => [name, name] as const),
  );
  const found = async (query: string) => (await send("GET", `/buckets/incoming/files?${query}`)).body;
  expect(await found("pattern=a_*.csv")).toMatchObject({ files: [{ filename: "a_1.csv" }, { filename: "a_2.csv" }] });
  expect(await found("pattern=a?2.csv")).toMatchObject({ files: [{ filename: "a%2.csv" }, { filename: "a_2.csv" }] });
  expect(await found("pattern=*b.csv")).toMatchObject({ files: [{ filename: "ab.csv" }, { filename: "b.csv" }] });
  const first = await send("GET", "/buckets/incoming/files?limit=2");
  expect(first.body).toMatchObject({ files: [{ filename: "a%2.csv" }, { filename: "a_1.csv" }] });
  const cursor = /"nextCursor":"([^"]+)"/.exec(first.text)?.[1] ?? "";
  expect(await found(`limit=2&cursor=${cursor}`)).toMatchObject({
    files: [{ filename: "a_2.csv" }, { filename: "ab.csv" }],
  });
  expect(statusAndCode(await send("DELETE", "/buckets/incoming/files"))).toBe("400 VALIDATION_FAILED");
  expect((await send("DELETE", "/buckets/incoming/files?pattern=a*")).body).toEqual({
    filenames: ["a%2.csv", "a_1.csv", "a_2.csv", "ab.csv"],
  });
  expect(await found("limit=5")).toMatchObject({ files: [{ filename: "b.csv" }] });
});

test("one file is deleted by its name, also where the name would be a pattern", async () => {
  const node = await startTestNode({ services: "byHand" });
  const names = ["a*.csv", "a1.csv", "a_.csv"];
  await upload(
    node,
    "incoming",
    names.map((name) => [name, name] as const),
  );
  const remove = (query: string) => sender(node)("DELETE", `/buckets/incoming/files?${query}`);
  expect((await remove("filename=a*.csv")).body).toEqual({ filenames: ["a*.csv"] });
  expect((await remove("filename=a_.csv")).body).toEqual({ filenames: ["a_.csv"] });
  expect((await remove("filename=a_.csv")).body).toEqual({ filenames: [] });
  expect(statusAndCode(await remove("filename=a1.csv&pattern=*"))).toBe("400 VALIDATION_FAILED");
  expect((await remove("filename=a1.csv")).body).toEqual({ filenames: ["a1.csv"] });
});

test.each([
  ["../../etc/passwd"],
  ["a/b.csv"],
  ["a\\b.csv"],
  [".."],
  ["..."],
  ["n\u0000ul"],
  ["x".repeat(256)],
  ["ü".repeat(128)],
  [" space"],
])("a file named %j is refused, and nothing is kept", async (filename) => {
  const node = await startTestNode({ services: "byHand" });
  const boundary = "----x";
  const part = (name: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="file[]"; filename="${name}"\r\n\r\nbytes\r\n`;
  const body = Buffer.from(`${part("good.csv")}${part(filename.replaceAll("\\", "\\\\"))}--${boundary}--\r\n`);
  const answer = await sender(node)("POST", "/buckets/incoming/upload", body, {
    "content-type": `multipart/form-data; boundary=${boundary}`,
  });
  expect(statusAndCode(answer)).toBe("400 VALIDATION_FAILED");
  expect((await sender(node)("GET", "/buckets/incoming/files")).body).toMatchObject({ files: [] });
});

test("an upload that breaks off leaves nothing", async () => {
  const node = await startTestNode({ services: "byHand" });
  const request = http.request(`${node.origin}${prefix}/buckets/incoming/upload`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${node.apiKey}`,
      "x-customer-code": "demo",
      "content-type": "multipart/form-data; boundary=x",
      "content-length": "10000000",
    },
  });
  request.on("error", () => undefined);
  request.write(`--x\r\nContent-Disposition: form-data; name="file[]"; filename="a.csv"\r\n\r\n${"x".repeat(200_000)}`);
  await expect.poll(async () => (await node.database.sql`select state from blob`)[0]).toEqual({ state: "pending" });
  request.destroy();
  await expect.poll(async () => (await node.database.sql`select state from blob`)[0]).toEqual({ state: "garbage" });
  expect((await sender(node)("GET", "/buckets/incoming/files")).body).toMatchObject({ files: [] });
  await node.database.sql`update blob set changed_at = changed_at - interval '16 minutes'`;
  await node.run("sweep-files");
  expect(await blobsOf(node)).toEqual([]);
});

test("a file over the limit is a 413, and what is no file a 400 or 415", async () => {
  const node = await startTestNode({ services: "byHand", flags: { "max-file-bytes": "2000" } });
  expect(statusAndCode(await upload(node, "incoming", [["a", "x".repeat(2_001)]]))).toBe("413 PAYLOAD_TOO_LARGE");
  expect((await upload(node, "incoming", [["a", "x".repeat(2_000)]])).status).toBe(200);
  const send = sender(node);
  expect(statusAndCode(await send("POST", "/buckets/incoming/upload", {}))).toBe("415 UNSUPPORTED_MEDIA_TYPE");
  expect(statusAndCode(await upload(node, "incoming", []))).toBe("400 VALIDATION_FAILED");
  expect(statusAndCode(await upload(node, "nowhere", [["a", "b"]]))).toBe("404 NOT_FOUND");
  const many = Array.from({ length: 101 }, (_, index) => [`${index}`, "x"] as const);
  expect(statusAndCode(await upload(node, "incoming", many))).toBe("400 VALIDATION_FAILED");
  for (const [body, type] of [
    ["--x\r\n", "multipart/form-data; boundary=x"],
    ["nonsense", "multipart/form-data; boundary=x"],
    ["nonsense", "multipart/form-data"],
    [`--x\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n--x--\r\n`, "multipart/form-data; boundary=x"],
    [
      `--x\r\nContent-Disposition: form-data; name="other"; filename="a"\r\n\r\nhello\r\n--x--\r\n`,
      "multipart/form-data; boundary=x",
    ],
  ] as const) {
    const answer = await send("POST", "/buckets/incoming/upload", body, { "content-type": type });
    expect(["400 VALIDATION_FAILED", "415 UNSUPPORTED_MEDIA_TYPE"], body).toContain(statusAndCode(answer));
  }
  const json = await send("POST", "/job-definitions", "--x--", { "content-type": "multipart/form-data; boundary=x" });
  expect(statusAndCode(json)).toBe("415 UNSUPPORTED_MEDIA_TYPE");
});

test("another customer's files are not there", async () => {
  const node = await startTestNode({ services: "byHand" });
  const other = await addCustomer(node, "other");
  await upload(node, "incoming", [["mine.csv", "mine"]]);
  expect(statusAndCode(await download(other, "incoming", "mine.csv"))).toBe("404 NOT_FOUND");
  expect((await sender(other)("GET", "/buckets/incoming/files")).body).toMatchObject({ files: [] });
  expect((await sender(other)("DELETE", "/buckets/incoming/files?pattern=*")).body).toEqual({ filenames: [] });
  expect((await download(node, "incoming", "mine.csv")).text).toBe("mine");
});

test("a node whose storage is not that of the others says so, and serves no files", async () => {
  const first = await startTestNode({ services: "byHand" });
  await upload(first, "incoming", [["a.txt", "a"]]);
  const apart = await startTestNode({ with: first, services: "byHand" });
  expect(statusAndCode(await upload(apart, "incoming", [["b.txt", "b"]]))).toBe("503 UNAVAILABLE");
  expect(statusAndCode(await download(apart, "incoming", "a.txt"))).toBe("503 UNAVAILABLE");
  const beside = await startTestNode({ with: first, services: "byHand", flags: { "data-dir": first.dataDir } });
  expect((await download(beside, "incoming", "a.txt")).text).toBe("a");
});

import { createServer } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { failure } from "../../../test/support/outgoing.ts";
import { type Caller, startCaller } from "../../../test/support/webservice-caller.ts";
import { checkParams } from "./check-params.ts";
import type { Params } from "./params.ts";

interface Received {
  readonly contentType: string | undefined;
  readonly bytes: Buffer;
}

let caller: Caller;
let url: string;
const received: Received[] = [];
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  received.push({ contentType: request.headers["content-type"], bytes: Buffer.concat(chunks) });
  response.writeHead(request.url === "/fail" ? 422 : 200).end();
});

beforeAll(async () => {
  caller = startCaller("127.0.0.1");
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  url = `http://127.0.0.1:${address.port}`;
});

afterAll(async () => {
  await caller.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function send(params: Omit<Params, "url">): Promise<Received> {
  await caller.run({ url, method: "POST", ...params });
  const last = received.at(-1);
  if (!last) throw new Error("nothing came");
  return last;
}

test.each<[Omit<Params, "url">, string, string]>([
  [{ bodyType: "json", body: "text" }, "application/json", '"text"'],
  [{ bodyType: "json", body: { a: [1, "ü"] } }, "application/json", '{"a":[1,"ü"]}'],
  [{ bodyType: "text", body: "Käse" }, "text/plain; charset=utf-8", "Käse"],
  [{ body: "<a/>", headers: { "Content-Type": "application/xml" } }, "application/xml", "<a/>"],
  [
    { bodyType: "form", body: { a: "x y&=", b: [1, true], c: "" } },
    "application/x-www-form-urlencoded",
    "a=x+y%26%3D&b=1&b=true&c=",
  ],
  [{ bodyType: "base64", body: "aGVs\nbG8" }, "application/octet-stream", "hello"],
  [{ bodyType: "base64", body: "aGVsbG8=", headers: { "content-type": "image/png" } }, "image/png", "hello"],
])("%j goes as %s", async (params, contentType, text) => {
  const { bytes, ...rest } = await send(params);
  expect(rest.contentType).toBe(contentType);
  expect(bytes.toString()).toBe(text);
});

test("multipart carries fields, then files, with names that cannot break out of their quotes", async () => {
  const { contentType = "", bytes } = await send({
    bodyType: "multipart",
    headers: { "content-type": "multipart/form-data" },
    body: {
      file: [
        { filename: 'a"\r\nX: y.csv', contentType: "text/csv", content: "a,ü\n" },
        { filename: "b.bin", contentBase64: "AAEC/w==" },
      ],
      title: "My file",
      tags: ["x", 2],
    },
  });
  expect(contentType).toMatch(/^multipart\/form-data; boundary=/);
  const form = await new Response(bytes, { headers: { "content-type": contentType } }).formData();
  expect([...form.keys()]).toEqual(["title", "tags", "tags", "file", "file"]);
  expect(form.getAll("tags")).toEqual(["x", "2"]);
  const [csv, binary] = form.getAll("file");
  if (!(csv instanceof File) || !(binary instanceof File)) throw new Error("no files");
  expect([csv.name, csv.type, await csv.text()]).toEqual(['a"\r\nX: y.csv', "text/csv", "a,ü\n"]);
  expect(Buffer.from(await binary.arrayBuffer())).toEqual(Buffer.from([0, 1, 2, 255]));
  expect(bytes.toString("latin1")).not.toMatch(/^X: y/m);
});

test.each([
  [
    { bodyType: "form", body: { a: "b" } },
    { body: "a=b", bodyEncoding: "text", bodyTruncated: false },
  ],
  [
    { bodyType: "base64", body: "AAEC/w==" },
    { body: "AAEC/w==", bodyEncoding: "base64", bodyTruncated: false },
  ],
  [
    { bodyType: "text", body: "x".repeat(20_000) },
    { body: "x".repeat(16_384), bodyTruncated: true },
  ],
] as const)("a failure shows what was sent as %j", async (params, shown) => {
  const error = await failure(caller.run({ url: `${url}/fail`, method: "POST", ...params }), "HTTP_STATUS");
  expect(error.details).toMatchObject({ request: shown });
});

const valid = { url: "https://api.example.com/", method: "POST" as const };
test.each<[Omit<Params, "url">, string, RegExp]>([
  [{ bodyType: "text", body: { a: 1 } }, "/body", /must be text/],
  [{ bodyType: "base64", body: "a%" }, "/body", /must be base64/],
  [{ bodyType: "base64", body: "abcde" }, "/body", /must be base64/],
  [{ bodyType: "base64", body: 5 }, "/body", /must be base64/],
  [{ bodyType: "form", body: "a=b" }, "/body", /an object of fields/],
  [{ bodyType: "form", body: ["a"] }, "/body", /an object of fields/],
  [{ bodyType: "form", body: { "a/b": { c: 1 } } }, "/body/a~1b", /a list of these/],
  [{ bodyType: "form", body: { a: [1, null] } }, "/body/a/1", /must be text/],
  [{ bodyType: "form", body: { a: { filename: "a", content: "" } } }, "/body/a", /must be text/],
  [{ bodyType: "multipart", body: { a: { content: "x" } } }, "/body/a/filename", /is missing/],
  [{ bodyType: "multipart", body: { a: { filename: "a" } } }, "/body/a", /one of content and contentBase64/],
  [{ bodyType: "multipart", body: { a: { filename: "a", content: 1 } } }, "/body/a/content", /must be text/],
  [{ bodyType: "multipart", body: { a: { filename: "a", contentBase64: "?" } } }, "/body/a/contentBase64", /base64/],
  [
    { bodyType: "multipart", body: { a: { filename: "a", path: "/etc/passwd", content: "" } } },
    "/body/a/path",
    /not known/,
  ],
  [
    { bodyType: "multipart", body: { a: { filename: "a", content: "", contentType: "a/b\r\nX: y" } } },
    "/body/a/contentType",
    /media type/,
  ],
])("%j is refused at %s", (params, path, message) => {
  expect(checkParams({ ...valid, ...params })).toEqual([{ path, message: expect.stringMatching(message) }]);
});

test("a megabyte of blanks is checked at once", () => {
  expect(checkParams({ ...valid, bodyType: "base64", body: `${" ".repeat(1_000_000)}!` })).toHaveLength(1);
});

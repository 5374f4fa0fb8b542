/** Addresses, query parameters, cursors, headers and HTTP that are refused. */
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newApiKey } from "../../src/model/api-key.ts";
import { type HeaderChanges, prefix, problemOf, read, type Send, sender, statusAndCode } from "../support/http.ts";
import { openTestNode } from "../support/nodes.ts";
import { leavingNothing } from "../support/stored-rows.ts";

let node: Awaited<ReturnType<typeof openTestNode>>;
let send: Send;

beforeAll(async () => {
  node = await openTestNode({ services: "byHand" });
  send = sender(node);
  for (const jobDefinitionCode of ["a", "b", "c"]) {
    await node.api.jobDefinitions.create({ jobDefinition: { jobDefinitionCode, jobType: "echo" } });
    await node.api.jobDefinitions.execute(jobDefinitionCode);
  }
});
afterAll(() => node.close());

const lists = ["/jobs", "/job-types", "/job-definitions", "/users", "/api-keys", "/audit-events"];

test.each<[string, string, RegExp]>([
  ["limit=0", "/limit", /at least 1/],
  ["limit=-1", "/limit", /at least 1/],
  ["limit=201", "/limit", /at most 200/],
  ["limit=abc", "/limit", /whole number/],
  ["limit=1.5", "/limit", /whole number/],
  ["limit=1e1", "/limit", /whole number/],
  ["limit=0x10", "/limit", /whole number/],
  ["limit=", "/limit", /whole number/],
  ["limit=true", "/limit", /whole number/],
  ["limit=%205", "/limit", /whole number/],
  ["limit=99999999999999999999", "/limit", /whole number/],
  ["limit=1&limit=2", "/limit", /more than once/],
  ["wat=1", "/wat", /not known here/],
  ["Limit=1", "/Limit", /not known here/],
  ["__proto__=1", "/__proto__", /not known here/],
  ["cursor=", "/cursor", /not one that this list has answered/],
  ["cursor=abc", "/cursor", /not one that this list has answered/],
  [`cursor=${"a".repeat(501)}`, "/cursor", /at most 500/],
])("every list refuses ?%s", async (query, pointer, sentence) => {
  for (const list of lists) {
    const { status, code, errors } = problemOf(await send("GET", `${list}?${query}`));
    expect(`${status} ${code}`, list).toBe("400 VALIDATION_FAILED");
    expect(errors?.[0]?.path, list).toBe(pointer);
    expect(errors?.[0]?.message, list).toMatch(sentence);
  }
});

test("a cursor that was tampered with, or is another list's, is refused", async () => {
  const { nextCursor: ofJobs } = await node.api.jobs.list({ limit: 1 });
  const { nextCursor: ofDefinitions } = await node.api.jobDefinitions.list({ limit: 1 });
  if (ofJobs === null || ofDefinitions === null) throw new Error("the lists should go on");
  const changed = Buffer.from(ofDefinitions, "base64url").toString().replace(/a$/, "b");
  const tampered = [`${ofDefinitions}AA`, ofDefinitions.slice(1), Buffer.from(changed).toString("base64url"), ofJobs];
  for (const cursor of tampered) {
    expect(statusAndCode(await send("GET", `/job-definitions?cursor=${cursor}`))).toBe("400 VALIDATION_FAILED");
  }
  expect(statusAndCode(await send("GET", `/jobs?cursor=${ofDefinitions}`))).toBe("400 VALIDATION_FAILED");
  expect((await send("GET", `/job-definitions?cursor=${ofDefinitions}`)).status).toBe(200);
});

test.each<[string, string, RegExp]>([
  ["status=DONE", "/status", /must be one of STARTED, COMPLETED, FAILED$/],
  ["status=FAILED&status=STARTED", "/status", /more than once/],
  ["phase=queued", "/phase", /must be one of SCHEDULED, QUEUED/],
  ["trigger=me", "/trigger", /must be one of api, schedule/],
  ["jobType=%00", "/jobType", /U\+0000/],
  ["jobType=a%20b", "/jobType", /letters and digits/],
  ["jobDefinitionCode=a%20b", "/jobDefinitionCode", /letters, digits/],
  ["createdAfter=yesterday", "/createdAfter", /RFC 3339/],
  ["createdAfter=2026-02-30T00:00:00Z", "/createdAfter", /RFC 3339/],
  ["createdBefore=2026-12-31T23:59:60Z", "/createdBefore", /RFC 3339/],
  ["createdBefore=0000-01-01T00:00:00Z", "/createdBefore", /RFC 3339/],
])("the list of jobs refuses ?%s", async (query, pointer, sentence) => {
  const { status, errors } = problemOf(await send("GET", `/jobs?${query}`));
  expect(status).toBe(400);
  expect(errors).toEqual([{ path: pointer, message: expect.stringMatching(sentence) }]);
});

test.each<[string, string, string]>([
  ["GET", "/jobs/nope", "400 VALIDATION_FAILED"],
  ["GET", "/jobs/20261124-F3EB6180-9FC0-43C6-9FE3-528CC4981F2C", "400 VALIDATION_FAILED"],
  ["GET", "/jobs/20261399-f3eb6180-9fc0-43c6-9fe3-528cc4981f2c", "404 NOT_FOUND"],
  ["GET", "/jobs/", "404 NOT_FOUND"],
  ["GET", "/jobs/?limit=1", "404 NOT_FOUND"],
  ["GET", "/job-definitions/", "404 NOT_FOUND"],
  ["DELETE", "/users/", "404 NOT_FOUND"],
  ["POST", "/job-types//_execute", "404 NOT_FOUND"],
  ["GET", "/users/me", "400 VALIDATION_FAILED"],
  ["DELETE", "/api-keys/nope", "400 VALIDATION_FAILED"],
  ["GET", "/job-definitions/nope", "404 NOT_FOUND"],
  ["GET", "/job-definitions/A", "404 NOT_FOUND"],
  ["GET", "/job-definitions/a%2Fb", "400 VALIDATION_FAILED"],
  ["GET", "/job-definitions/%00", "400 VALIDATION_FAILED"],
  ["DELETE", "/job-definitions/..%2F..", "400 VALIDATION_FAILED"],
  ["PUT", "/job-definitions/%F0%9F%98%80", "400 VALIDATION_FAILED"],
  ["GET", "/job-definitions/%ZZ", "400 VALIDATION_FAILED"],
  ["GET", "/job-definitions/%C0%80", "400 VALIDATION_FAILED"],
  ["GET", `/job-definitions/${"a".repeat(129)}`, "400 VALIDATION_FAILED"],
  ["GET", `/job-definitions/${"a".repeat(1000)}`, "404 NOT_FOUND"],
  ["GET", "/job-types/nope", "404 NOT_FOUND"],
  ["GET", "/job-types/%00", "404 NOT_FOUND"],
  ["POST", "/job-types/nope/_execute", "404 NOT_FOUND"],
  ["GET", "/nope", "404 NOT_FOUND"],
  ["GET", "/job-definitions/a/b", "404 NOT_FOUND"],
  ["PUT", "/jobs", "404 NOT_FOUND"],
  ["OPTIONS", "/jobs", "404 NOT_FOUND"],
  ["PATCH", "/job-types/echo", "404 NOT_FOUND"],
])("%s %s", async (method, path, expected) => {
  const body =
    method === "PUT" || method === "PATCH" ? { jobDefinition: { jobDefinitionCode: "x", jobType: "echo" } } : undefined;
  const answer = await leavingNothing(node.database, () => send(method, path, body));
  expect(statusAndCode(answer)).toBe(expected);
  expect(answer.text.length).toBeLessThan(1000);
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  expect(answer.headers.get("cache-control")).toBe("no-store");
});

test("an encoded code is the code", async () => {
  expect((await send("GET", "/job-definitions/%61")).status).toBe(200);
});

test.each<[string, HeaderChanges, string | undefined, string]>([
  ["text/plain", { "content-type": "text/plain" }, "{}", "415 UNSUPPORTED_MEDIA_TYPE"],
  ["a form", { "content-type": "application/x-www-form-urlencoded" }, "a=1", "415 UNSUPPORTED_MEDIA_TYPE"],
  ["nearly JSON", { "content-type": "application/jsonx" }, "{}", "415 UNSUPPORTED_MEDIA_TYPE"],
  ["no kind at all", { "content-type": "" }, "{}", "415 UNSUPPORTED_MEDIA_TYPE"],
  ["JSON in UTF-16", { "content-type": "application/json; charset=utf-16" }, "{}", "415 UNSUPPORTED_MEDIA_TYPE"],
  ["JSON in Latin-1", { "content-type": 'application/json;charset="ISO-8859-1"' }, "{}", "415 UNSUPPORTED_MEDIA_TYPE"],
  ["a compressed body", { "content-encoding": "gzip" }, "{}", "415 UNSUPPORTED_MEDIA_TYPE"],
  ["an empty Idempotency-Key", { "idempotency-key": "" }, "{}", "400 VALIDATION_FAILED"],
  ["a long Idempotency-Key", { "idempotency-key": "k".repeat(256) }, "{}", "400 VALIDATION_FAILED"],
  ["an Idempotency-Key with a space", { "idempotency-key": "a b" }, "{}", "400 VALIDATION_FAILED"],
  ["an Idempotency-Key beyond ASCII", { "idempotency-key": "käse" }, "{}", "400 VALIDATION_FAILED"],
])("%s", async (_name, headers, body, expected) => {
  const answer = await leavingNothing(node.database, () => send("POST", "/job-types/echo/_execute", body, headers));
  expect(statusAndCode(answer)).toBe(expected);
});

test("a Content-Type with a charset, and none where there is no body, are fine", async () => {
  const withCharset = { "content-type": "application/json; charset=utf-8" };
  expect((await send("POST", "/job-definitions/a/_execute", "{}", withCharset)).status).toBe(200);
  expect((await send("POST", "/job-definitions/a/_execute", undefined, { "content-type": undefined })).status).toBe(
    200,
  );
  expect((await send("POST", "/job-definitions/a/_execute")).status).toBe(200);
  expect((await send("POST", "/job-definitions/a/_execute", "  \n")).status).toBe(200);
  expect((await send("GET", "/jobs", undefined, { "content-type": "text/plain" })).status).toBe(200);
});

test.each(["abc", "1", '"1', '"1", x', "W/1", '""x'])("If-Match: %s", async (ifMatch) => {
  const change = { jobDefinition: { name: "x" } };
  const answer = await leavingNothing(node.database, () =>
    send("PATCH", "/job-definitions/a", change, { "if-match": ifMatch }),
  );
  expect(problemOf(answer)).toMatchObject({ status: 400, errors: [{ path: "/If-Match" }] });
});

test("a body over 1 MiB in chunks, whose length nobody announced", async () => {
  const chunks = new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(256 * 1024).fill(0x20));
    },
  });
  const headers = {
    authorization: `Bearer ${node.apiKey}`,
    "x-customer-code": "demo",
    "content-type": "application/json",
  };
  const request = { method: "POST", headers, body: chunks, duplex: "half" as const };
  const answer = await read(await fetch(`${node.origin}${prefix}/job-types/echo/_execute`, request));
  expect(statusAndCode(answer)).toBe("413 PAYLOAD_TOO_LARGE");
});

/** What the node answers to bytes, up to its closing of the connection. */
async function answerTo(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(node.origin).port), "127.0.0.1");
  let text = "";
  socket.on("data", (data: Buffer) => {
    text += data.toString();
  });
  socket.write(bytes);
  await once(socket, "end");
  socket.destroy();
  return text;
}

const head = `POST ${prefix}/job-types/echo/_execute HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${newApiKey().key}\r\n`;

test.each([
  ["no HTTP", "GARBAGE\r\n\r\n"],
  ["TLS to a plain port", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n"],
  ["a length and chunks", `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ["two lengths", `${head}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`],
  ["a length that is none", `${head}Content-Length: +5\r\n\r\nhello`],
  ["a header with a space in its name", `${head}X A: b\r\n\r\n`],
])("%s is answered with a problem, and the connection is closed", async (_name, bytes) => {
  const [top = "", body = ""] = (await answerTo(bytes)).split("\r\n\r\n");
  expect(top).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json/);
  expect(JSON.parse(body)).toMatchObject({
    status: 400,
    code: "VALIDATION_FAILED",
    remedy: expect.stringContaining("errors"),
    requestId: expect.any(String),
    errors: [{ path: "", message: expect.stringMatching(/^This is not an HTTP request/) }],
  });
});

test("a head that is too long is answered with 413, in words about headers", async () => {
  const [top = "", body = ""] = (await answerTo(`GET / HTTP/1.1\r\nHost: a\r\nX: ${"a".repeat(20_000)}\r\n\r\n`)).split(
    "\r\n\r\n",
  );
  expect(top).toMatch(/^HTTP\/1\.1 413 Payload Too Large\r\n/);
  expect(JSON.parse(body)).toMatchObject({ code: "PAYLOAD_TOO_LARGE", detail: expect.stringContaining("headers") });
});

test("detail names a query parameter, a path part or a header once", async () => {
  const details = await Promise.all([
    send("GET", "/jobs?limit=0"),
    send("GET", "/jobs?limit=1&limit=2"),
    send("GET", "/jobs?cursor=x"),
    send("GET", "/jobs/nope"),
    send("GET", "/jobs", undefined, { "x-customer-code": undefined }),
  ]);
  expect(details.map((answer) => problemOf(answer).detail)).toEqual([
    "query parameter limit: must be at least 1",
    "query parameter limit: is given more than once",
    "query parameter cursor: is not one that this list has answered",
    expect.stringMatching(/^path parameter jobId: is not a job id; one looks like/),
    "header X-Customer-Code is missing; send the customer's code",
  ]);
});

test("an address that cannot be read points at itself", async () => {
  const { detail, errors } = problemOf(await send("GET", "/job-definitions/%ZZ"));
  expect(errors).toEqual([{ path: "", message: detail }]);
});

test("a problem says what to do, too", async () => {
  expect(problemOf(await send("GET", "/job-types/nope")).remedy).toBe("Check the code or id, and the address.");
});

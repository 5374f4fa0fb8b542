import { Value } from "typebox/value";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failure } from "../../../test/support/outgoing.ts";
import { startWebservice, type Webservice } from "../../../test/support/webservice.ts";
import { type Caller, callerJobId as jobId, startCaller } from "../../../test/support/webservice-caller.ts";
import { callWebserviceEndpoint } from "./index.ts";
import type { Params } from "./params.ts";
import type { Result } from "./result.ts";

let webservice: Webservice;
let caller: Caller;

beforeAll(async () => {
  webservice = await startWebservice();
  caller = startCaller(`127.0.0.1:${webservice.port}`);
});

afterAll(async () => {
  await caller.close();
  await webservice.close();
});

function run(path: string, params: Omit<Params, "url"> = {}, signal = new AbortController().signal): Promise<Result> {
  return caller.run({ url: path.startsWith("/") ? webservice.origin + path : path, ...params }, { signal });
}

describe("the request", () => {
  test("as the documentation shows it", async () => {
    const result = await run("/echo", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: { searchTerms: "running shoe" },
      searchParams: { limit: 10 },
    });
    expect(Value.Check(callWebserviceEndpoint.resultSchema, result)).toBe(true);
    expect(result).toMatchObject({
      status: 200,
      bodyEncoding: "json",
      truncated: false,
      url: `${webservice.origin}/echo?limit=10`,
      body: {
        method: "POST",
        url: "/echo?limit=10",
        body: '{"searchTerms":"running shoe"}',
        headers: { "content-type": "application/json", "idempotency-key": jobId, accept: "*/*" },
      },
    });
    expect(result.timings.totalMs).toBeGreaterThanOrEqual(Number(result.timings.firstByteMs));
  });

  test.each([
    [{ a: 1 }, "application/json", '{"a":1}'],
    [[1, 2], "application/json", "[1,2]"],
    [0, "application/json", "0"],
    ["plain", "text/plain; charset=utf-8", "plain"],
    ["", undefined, ""],
    [null, undefined, ""],
  ])("a body %j goes as %s", async (body, contentType, sent) => {
    await run("/echo", { method: "PUT", body });
    expect(webservice.requests.at(-1)).toMatchObject({ body: sent });
    expect(webservice.requests.at(-1)?.headers["content-type"]).toBe(contentType);
  });

  test.each([
    ["GET", undefined],
    ["OPTIONS", undefined],
    ["POST", jobId],
    ["PUT", jobId],
    ["PATCH", jobId],
    ["DELETE", jobId],
  ] as const)("%s carries the Idempotency-Key %s", async (method, key) => {
    await run("/echo", { method });
    expect(webservice.requests.at(-1)?.headers["idempotency-key"]).toBe(key);
  });

  test("keeps an Idempotency-Key of its own", async () => {
    await run("/echo", { method: "POST", headers: { "IDEMPOTENCY-KEY": "mine" } });
    expect(webservice.requests.at(-1)?.headers["idempotency-key"]).toBe("mine");
  });

  test.each([
    ["/echo", { a: ["x y", "&"], b: true, c: 1.5 }, "/echo?a=x+y&a=%26&b=true&c=1.5"],
    ["/echo?sig=a%20b", { c: 1 }, "/echo?sig=a%20b&c=1"],
    ["/echo?a=1&b=2", { a: 3 }, "/echo?b=2&a=3"],
    ["/echo?a=1", { a: [] }, "/echo"],
    ["/echo?a=1", {}, "/echo?a=1"],
  ])("%s with %j asks for %s", async (path, searchParams, asked) => {
    await run(path, { searchParams });
    expect(webservice.requests.at(-1)?.url).toBe(asked);
  });

  test("that was never filled in is not sent", async () => {
    const before = webservice.calls();
    const error = await failure(run("{{secrets.URL}}"), "INVALID_PARAMS");
    expect(error.details).toMatchObject({ errors: [{ path: "/url", message: expect.any(String) }] });
    expect(webservice.calls()).toBe(before);
  });
});

describe("the answer", () => {
  const type = (is: string | null, body: string): string =>
    `/type?${is === null ? "" : `is=${encodeURIComponent(is)}&`}body=${encodeURIComponent(body)}`;

  test.each([
    [type("application/json", '{"a":1}'), {}, { body: { a: 1 }, bodyEncoding: "json" }],
    [type("application/problem+json; charset=utf-8", "[1]"), {}, { body: [1], bodyEncoding: "json" }],
    [type("application/json", "not JSON"), {}, { body: "not JSON", bodyEncoding: "text" }],
    [type("application/json", "null"), {}, { body: null, bodyEncoding: "json" }],
    [type("application/xml", "<a/>"), {}, { body: "<a/>", bodyEncoding: "text" }],
    [type("text/html", "<p>"), {}, { body: "<p>", bodyEncoding: "text" }],
    [type(null, "something"), {}, { body: "something", bodyEncoding: "text" }],
    [type("application/pdf", "%PDF"), {}, { body: "JVBERg==", bodyEncoding: "base64" }],
    [type("text/plain", "{}"), { responseType: "json" }, { body: {}, bodyEncoding: "json" }],
    [type("application/json", "{}"), { responseType: "text" }, { body: "{}", bodyEncoding: "text" }],
    [type("application/json", "{}"), { responseType: "base64" }, { body: "e30=", bodyEncoding: "base64" }],
    [type("application/json", ""), { responseType: "json" }, { body: null, bodyEncoding: "none" }],
    ["/status/204", {}, { body: null, bodyEncoding: "none" }],
    ["/charset", {}, { body: "Käse", bodyEncoding: "text" }],
    ["/charset?name=klingon", {}, { body: "S+RzZQ==", bodyEncoding: "base64" }],
    ["/encoded/gzip", {}, { body: { encoded: "gzip" }, bodyEncoding: "json" }],
  ] as const)("%s with %j", async (path, params, expected) => {
    expect(await run(path, params)).toMatchObject({ truncated: false, ...expected });
  });

  test("bytes come as base64", async () => {
    const result = await run("/bytes");
    expect(Buffer.from(String(result.body), "base64")).toEqual(Buffer.from(Array.from({ length: 256 }, (_, i) => i)));
  });

  test("of HEAD has a head and no body", async () => {
    expect(await run("/echo", { method: "HEAD" })).toMatchObject({ status: 200, body: null, bodyEncoding: "none" });
  });

  test("that is no JSON fails where JSON was asked for, and shows its beginning", async () => {
    const error = await failure(run("/not-json", { responseType: "json" }), "INVALID_RESPONSE");
    expect(error.details).toMatchObject({ beginning: "<html>not JSON</html>", request: { method: "GET" } });
  });

  test("that nests too deep to be taken apart is kept as text, and fails where JSON was asked for", async () => {
    expect(await run("/deep?levels=200")).toMatchObject({ bodyEncoding: "json" });
    for (const levels of [201, 100_000]) {
      const result = await run(`/deep?levels=${levels}`);
      expect(result).toMatchObject({ bodyEncoding: "text", truncated: false });
      expect(result.body).toHaveLength(2 * levels);
      const error = await failure(run(`/deep?levels=${levels}`, { responseType: "json" }), "INVALID_RESPONSE");
      expect(error.message).toContain("deeper than 200 levels");
    }
  });

  test.each(["/large?bytes=5000000", "/bomb/gzip?bytes=50000000"])("%s is too large", async (path) => {
    const error = await failure(run(path), "RESPONSE_TOO_LARGE");
    expect(error.details).toMatchObject({ maxResponseBytes: 1_048_576, response: { status: 200 } });
    expect(error.retryable).toBe(false);
  });

  test("that is too large is cut where that was asked for", async () => {
    const result = await run("/large?bytes=50000", { maxResponseBytes: 1_000, onTooLarge: "truncate" });
    expect(result).toMatchObject({ truncated: true, bodyEncoding: "text", body: "x".repeat(1_000) });
  });

  test("that is cut in the middle of a character ends before it", async () => {
    const result = await run(type("text/plain", "aé"), { maxResponseBytes: 2, onTooLarge: "truncate" });
    expect(result).toMatchObject({ truncated: true, body: "a" });
  });

  test("as large as allowed is whole", async () => {
    const result = await run("/large?bytes=1000", { maxResponseBytes: 1_000 });
    expect(result).toMatchObject({ truncated: false, body: "x".repeat(1_000) });
  });
});

describe("a status that is no success", () => {
  test.each([
    [400, false],
    [401, false],
    [404, false],
    [408, true],
    [409, false],
    [425, true],
    [429, true],
    [500, true],
    [501, false],
    [503, true],
  ])("%i fails the job, retryable: %s", async (status, retryable) => {
    const error = await failure(run(`/status/${status}`), "HTTP_STATUS");
    expect(error.retryable).toBe(retryable);
    expect(error.details).toMatchObject({ response: { status, body: { status }, truncated: false } });
  });

  test("says what was asked and what came back, without what is secret", async () => {
    const headers = { Authorization: "Bearer hidden", "X-Api-Key": "hidden", "X-Mine": "shown" };
    const searchParams = { api_key: "hidden", page: 2 };
    const error = await failure(
      run("/status/503?retryAfter=7", { method: "POST", headers, searchParams, body: { a: 1 } }),
      "HTTP_STATUS",
    );
    expect(error.message).toBe(`POST ${webservice.origin}/status/503 answered 503 Service Unavailable`);
    expect(error.retryAfterSeconds).toBe(7);
    expect(error.details).toMatchObject({
      request: {
        method: "POST",
        url: `${webservice.origin}/status/503?retryAfter=7&api_key=***&page=2`,
        headers: { Authorization: "***", "X-Api-Key": "***", "X-Mine": "shown", "idempotency-key": jobId },
      },
      response: { status: 503, headers: { "retry-after": "7" } },
      timings: { totalMs: expect.any(Number) },
    });
    expect(JSON.stringify(error.details)).not.toContain("hidden");
  });

  test("is what successStatus says", async () => {
    expect(await run("/status/404", { successStatus: ["200-299", 404] })).toMatchObject({ status: 404 });
    expect(await run("/status/404", { successStatus: ["400-499"] })).toMatchObject({ status: 404 });
    expect(await run("/status/404", { successStatus: ["404"] })).toMatchObject({ status: 404 });
    await failure(run("/status/200", { successStatus: [201] }), "HTTP_STATUS");
  });

  test("Retry-After may be a date, and is at most a day", async () => {
    const inHalfAnHour = new Date(Date.now() + 1_800_000).toUTCString();
    const dated = await failure(run(`/status/503?retryAfter=${encodeURIComponent(inHalfAnHour)}`), "HTTP_STATUS");
    expect(dated.retryAfterSeconds).toBeGreaterThan(1_790);
    expect(dated.retryAfterSeconds).toBeLessThanOrEqual(1_801);
    for (const seconds of ["9999999", "9".repeat(400)]) {
      const asked = await failure(run(`/status/503?retryAfter=${seconds}`), "HTTP_STATUS");
      expect(asked.retryAfterSeconds).toBe(86_400);
    }
    expect((await failure(run("/status/503?retryAfter=soon"), "HTTP_STATUS")).retryAfterSeconds).toBeUndefined();
  });

  test("a redirect that is not followed says where it leads", async () => {
    const error = await failure(run("/redirect?to=/echo", { followRedirects: false }), "HTTP_STATUS");
    expect(error.message).toMatch(/302 Found, a redirect to \/echo; set followRedirects/);
  });

  test("keeps 16 KiB of a large body, and what came of one that broke off", async () => {
    const large = await failure(run("/large?bytes=100000", { successStatus: [201] }), "HTTP_STATUS");
    expect(large.details).toMatchObject({ response: { truncated: true, body: "x".repeat(16_384) } });
    const broken = await failure(run("/drop-body", { successStatus: [201] }), "HTTP_STATUS");
    expect(broken.details).toMatchObject({ response: { status: 200, truncated: true } });
  });
});

test("a connection that fails keeps its reason and shows the request", async () => {
  const error = await failure(run("/drop", { method: "POST" }), "CONNECTION_LOST");
  expect(error.details).toMatchObject({
    host: "127.0.0.1",
    request: { method: "POST", url: `${webservice.origin}/drop` },
  });
  const refused = await failure(run("http://10.0.0.1/"), "ADDRESS_NOT_ALLOWED");
  expect(refused.details).toMatchObject({ address: "10.0.0.1", request: { url: "http://10.0.0.1/" } });
});

test("follows redirects, and says where the answer came from", async () => {
  expect(await run("/redirect?to=/echo")).toMatchObject({ status: 200, url: `${webservice.origin}/echo` });
  await failure(run("/redirect-loop"), "INVALID_RESPONSE");
});

test.each(["/hang", "/hang-body"])("an abort during %s rejects with its reason", async (path) => {
  const abort = new AbortController();
  const reason = new Error("TIMED_OUT");
  const calls = webservice.calls(path);
  const result = run(path, {}, abort.signal);
  await webservice.waitForCalls(calls + 1, path);
  abort.abort(reason);
  await expect(result).rejects.toBe(reason);
});

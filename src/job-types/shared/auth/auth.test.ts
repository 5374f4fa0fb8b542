import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { OAuth2Server } from "oauth2-mock-server";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { failure } from "../../../../test/support/outgoing.ts";
import { startWebservice, type Webservice } from "../../../../test/support/webservice.ts";
import { type Caller, startCaller } from "../../../../test/support/webservice-caller.ts";
import { createEgress } from "../../../egress/egress.ts";
import { parseEgressRules } from "../../../model/egress-rules.ts";
import { JobError } from "../../../model/job-errors.ts";
import { createRunAbort } from "../../../worker/run-abort.ts";
import { createRunFetch } from "../../../worker/run-fetch.ts";
import type { AuthParams, HmacParams, OAuth2Params } from "./auth-params.ts";
import { createTokenSource } from "./token-source.ts";

let webservice: Webservice;
let caller: Caller;

beforeAll(async () => {
  webservice = await startWebservice();
  caller = startCaller("127.0.0.1");
});

afterAll(async () => {
  await caller.close();
  await webservice.close();
});

function headersSent(): Readonly<Record<string, string | string[] | undefined>> {
  return webservice.requests.at(-1)?.headers ?? {};
}

test.each<[AuthParams, Record<string, string>]>([
  [{ type: "basic", username: "käse", password: "a:b" }, { authorization: "Basic a8Okc2U6YTpi" }],
  [{ type: "basic", username: "", password: "" }, { authorization: "Basic Og==" }],
  [{ type: "bearer", token: "abc" }, { authorization: "Bearer abc" }],
  [{ type: "apiKey", name: "X-Account", value: "abc" }, { "x-account": "abc" }],
])("%j sends %j", async (auth, headers) => {
  await caller.run({ url: `${webservice.origin}/echo`, auth });
  expect(headersSent()).toMatchObject(headers);
});

test("a header that auth sets is sent once, also where the call has one of its own", async () => {
  const auth: AuthParams = { type: "apiKey", name: "Idempotency-Key", value: "abc" };
  await caller.run({ url: `${webservice.origin}/echo`, method: "POST", auth });
  expect(headersSent()["idempotency-key"]).toBe("abc");
});

test("an API key goes into the query, in place of one that is there, and shows nowhere", async () => {
  const auth: AuthParams = { type: "apiKey", in: "query", name: "appid", value: "a b&c" };
  const result = await caller.run({ url: `${webservice.origin}/status/200?appid=old&q=1`, auth });
  expect(webservice.requests.at(-1)?.url).toBe("/status/200?q=1&appid=a+b%26c");
  expect(result.url).toBe(`${webservice.origin}/status/200?q=1&appid=***`);
  const error = await failure(caller.run({ url: `${webservice.origin}/status/403`, auth }), "HTTP_STATUS");
  expect(JSON.stringify(error.details)).not.toMatch(/a\+b|a b&c/);
  expect(caller.logged.join("\n")).not.toMatch(/a\+b|a b&c/);
});

describe("a signature of the body", () => {
  const body = { b: 1, a: "ü" };
  const text = JSON.stringify(body);

  test.each<[Partial<HmacParams>, string]>([
    [{}, createHmac("sha256", "key").update(text).digest("hex")],
    [{ algorithm: "sha512", encoding: "base64" }, createHmac("sha512", "key").update(text).digest("base64")],
    [{ algorithm: "sha1", prefix: "sha1=" }, `sha1=${createHmac("sha1", "key").update(text).digest("hex")}`],
    [{ secret: "a2V5", secretEncoding: "base64" }, createHmac("sha256", "key").update(text).digest("hex")],
    [{ secret: "6b6579", secretEncoding: "hex" }, createHmac("sha256", "key").update(text).digest("hex")],
  ])("as %j", async (more, signature) => {
    const auth: AuthParams = { type: "hmac", secret: "key", header: "X-Signature", ...more };
    await caller.run({ url: `${webservice.origin}/echo`, method: "POST", body, auth });
    expect(headersSent()["x-signature"]).toBe(signature);
    expect(webservice.requests.at(-1)?.body).toBe(text);
  });

  test("holds the time where that is wanted, and is that of nothing where there is no body", async () => {
    const auth: AuthParams = { type: "hmac", secret: "key", header: "X-Signature", timestampHeader: "X-Time" };
    const now = () => new Date("2026-11-24T10:00:00.900Z");
    await caller.run({ url: `${webservice.origin}/echo`, auth }, { now });
    expect(headersSent()).toMatchObject({
      "x-time": "1795514400",
      "x-signature": createHmac("sha256", "key").update("1795514400.").digest("hex"),
    });
  });
});

describe("OAuth 2 client credentials", () => {
  let server: OAuth2Server;
  let answered = 0;
  const withdrawn = new Set<string>();
  let stop: (() => Promise<void>) | undefined;

  beforeAll(async () => {
    server = new OAuth2Server();
    await server.issuer.keys.generate("RS256");
    await server.start(0, "127.0.0.1");
    server.service.on("beforeResponse", () => {
      answered += 1;
    });
  });

  afterAll(() => server.stop());

  afterEach(async () => {
    await stop?.();
    stop = undefined;
  });

  /** Credentials that no other test has, so that no token is kept for them. */
  let clients = 0;
  function credentials(more: Partial<OAuth2Params> = {}): OAuth2Params {
    clients += 1;
    const { port } = server.address();
    const tokenUrl = `http://127.0.0.1:${port}/token`;
    return { type: "oauth2ClientCredentials", tokenUrl, clientId: `client-${clients}`, clientSecret: "s", ...more };
  }

  /** Answers 200 to a bearer that has not been withdrawn, and 401 to any other. */
  async function startApi(): Promise<{ url: string; tokens: string[] }> {
    const tokens: string[] = [];
    const url = await serve((request, response) => {
      const token = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
      tokens.push(token);
      response.writeHead(withdrawn.has(token) ? 401 : 200, { "content-type": "application/json" }).end("{}");
    });
    return { url, tokens };
  }

  async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
    const api = createServer(handle);
    await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
    const before = stop;
    stop = async () => {
      await before?.();
      api.closeAllConnections();
      await new Promise((resolve) => api.close(resolve));
    };
    const address = api.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return `http://127.0.0.1:${address.port}`;
  }

  test("fetch one token for many jobs at once and after one another", async () => {
    const api = await startApi();
    const auth = credentials();
    const before = answered;
    await Promise.all(Array.from({ length: 20 }, () => caller.run({ url: api.url, auth })));
    await caller.run({ url: api.url, auth });
    expect(answered - before).toBe(1);
    expect(new Set(api.tokens).size).toBe(1);
    expect(api.tokens).toHaveLength(21);
  });

  test("are never shared between customers, nor between other secrets, scopes or audiences", async () => {
    const api = await startApi();
    const auth = credentials();
    await caller.run({ url: api.url, auth }, { customerCode: "one" });
    const before = answered;
    await caller.run({ url: api.url, auth }, { customerCode: "two" });
    await caller.run({ url: api.url, auth: { ...auth, clientSecret: "t" } }, { customerCode: "one" });
    await caller.run({ url: api.url, auth: { ...auth, scope: "a" } }, { customerCode: "one" });
    await caller.run({ url: api.url, auth: { ...auth, audience: "a" } }, { customerCode: "one" });
    await caller.run({ url: api.url, auth: { ...auth, extraParams: { resource: "a" } } }, { customerCode: "one" });
    expect(answered - before).toBe(5);
    await caller.run({ url: api.url, auth }, { customerCode: "one" });
    expect(answered - before).toBe(5);
  });

  test("are asked for again shortly before a token ends", async () => {
    const api = await startApi();
    const auth = credentials();
    let now = Date.parse("2026-11-24T10:00:00Z");
    const at = { now: () => new Date(now) };
    await caller.run({ url: api.url, auth }, at);
    const before = answered;
    // The mock's tokens live an hour.
    now += 3_539_000;
    await caller.run({ url: api.url, auth }, at);
    expect(answered - before).toBe(0);
    now += 2_000;
    await caller.run({ url: api.url, auth }, at);
    expect(answered - before).toBe(1);
  });

  test("are asked for once more, and once for all jobs, where the webservice refuses the token", async () => {
    const api = await startApi();
    const auth = credentials();
    await caller.run({ url: api.url, auth });
    withdrawn.add(api.tokens.at(-1) ?? "");
    // Tokens of one second are the same in the mock but for what is put into them.
    server.service.once("beforeTokenSigning", (token: { payload: Record<string, unknown> }) => {
      token.payload.fresh = true;
    });
    const before = answered;
    const results = await Promise.all(
      Array.from({ length: 10 }, () => caller.run({ url: api.url, method: "POST", body: { a: 1 }, auth })),
    );
    expect(results.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(answered - before).toBe(1);
  });

  test("that stay refused fail the job after the second 401", async () => {
    const api = await serve((_, response) => response.writeHead(401).end());
    let given = 0;
    let calls = 0;
    const tokenUrl = await serve((_, response) => {
      calls += 1;
      given += 1;
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ access_token: `t${given}` }));
    });
    const error = await failure(caller.run({ url: api, auth: credentials({ tokenUrl }) }), "HTTP_STATUS");
    expect(error.details).toMatchObject({ response: { status: 401 }, remedy: expect.stringContaining("auth") });
    expect(calls).toBe(2);
  });

  test.each<[Partial<OAuth2Params>, string | undefined, string]>([
    [{ clientId: "a b", clientSecret: "ü%" }, `Basic ${btoa("a+b:%C3%BC%25")}`, "grant_type=client_credentials"],
    [
      { clientId: "a", clientSecret: "b&c", clientAuthentication: "body", scope: "x y", audience: "z" },
      undefined,
      "grant_type=client_credentials&scope=x+y&audience=z&client_id=a&client_secret=b%26c",
    ],
    [
      { clientId: "a", clientSecret: "b", extraParams: { resource: "https://a/" } },
      `Basic ${btoa("a:b")}`,
      "grant_type=client_credentials&resource=https%3A%2F%2Fa%2F",
    ],
  ])("%j are sent as %s and %s", async (more, authorization, sent) => {
    const api = await startApi();
    const seen: { authorization: string | undefined; body: string }[] = [];
    const tokenUrl = await serve(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      seen.push({ authorization: request.headers.authorization, body: Buffer.concat(chunks).toString() });
      response.writeHead(200, { "content-type": "application/json" }).end('{"access_token":"t","expires_in":"60"}');
    });
    await caller.run({ url: api.url, auth: credentials({ ...more, tokenUrl }) });
    expect(seen).toEqual([{ authorization, body: sent }]);
    expect(api.tokens).toEqual(["t"]);
  });

  const json = { "content-type": "application/json" };
  test.each<[string, number, Record<string, string>, string, RegExp, string, boolean]>([
    [
      "HTML",
      200,
      { "content-type": "text/html" },
      "<h1>Sign in</h1>",
      /text\/html that is not JSON/,
      "NO_TOKEN",
      false,
    ],
    ["no token", 200, json, "{}", /without an access_token/, "NO_TOKEN", false],
    ["an error in a 200", 200, json, '{"error":"bad"}', /without an access_token: bad/, "NO_TOKEN", false],
    ["a token of two lines", 200, json, '{"access_token":"a\\nb"}', /cannot carry/, "NO_TOKEN", false],
    ["a list", 200, json, '["a"]', /without an access_token/, "NO_TOKEN", false],
    [
      "a refusal",
      401,
      json,
      '{"error":"invalid_client","error_description":"Unknown client."}',
      /answered 401 Unauthorized: invalid_client: Unknown client\.$/,
      "HTTP_401",
      false,
    ],
    ["an outage", 503, { "retry-after": "9" }, "", /answered 503 Service Unavailable\.$/, "HTTP_503", true],
    [
      "a redirect",
      302,
      { location: "http://10.0.0.1/?token=x" },
      "",
      /http:\/\/10\.0\.0\.1\/, which/,
      "HTTP_302",
      false,
    ],
    ["too much", 200, json, `{"access_token":"${"x".repeat(70_000)}"}`, /without an access_token/, "NO_TOKEN", false],
  ])("a token URL that answers %s fails the job, and the webservice is not called", async (...row) => {
    const [, status, headers, body, message, reason, retryable] = row;
    const api = await startApi();
    const tokenUrl = await serve((_, response) => response.writeHead(status, headers).end(body));
    const auth = credentials({ tokenUrl, clientSecret: "hidden" });
    const error = await failure(caller.run({ url: api.url, auth }), "TOKEN_REQUEST_FAILED");
    expect(error.message).toMatch(message);
    expect(error.message).toContain(tokenUrl);
    expect(error.retryable).toBe(retryable);
    expect(error.retryAfterSeconds).toBe(headers["retry-after"] === undefined ? undefined : 9);
    expect(error.details).toMatchObject({ tokenUrl: `${tokenUrl}/`, reason, cause: expect.stringContaining(reason) });
    expect(JSON.stringify(error.details)).not.toContain("hidden");
    expect(api.tokens).toEqual([]);
  });

  test("a token URL at a private address, or that breaks off, fails by its own name", async () => {
    const privately = credentials({ tokenUrl: "http://10.0.0.1/token" });
    const refused = await failure(caller.run({ url: webservice.origin, auth: privately }), "TOKEN_REQUEST_FAILED");
    expect(refused.details).toMatchObject({ reason: "ADDRESS_NOT_ALLOWED", tokenUrl: "http://10.0.0.1/token" });
    expect(refused.retryable).toBe(false);
    const tokenUrl = await serve((_, response) => response.destroy());
    const dropped = await failure(
      caller.run({ url: webservice.origin, auth: credentials({ tokenUrl }) }),
      "TOKEN_REQUEST_FAILED",
    );
    expect(dropped.details).toMatchObject({ reason: "CONNECTION_LOST" });
    expect(dropped.retryable).toBe(true);
  });

  test("one that hangs is given up with the last job that waits for it, and asked anew by the next", async () => {
    const api = await startApi();
    const hung: ServerResponse[] = [];
    let arrived = (): void => undefined;
    let closed = (): void => undefined;
    const tokenUrl = await serve((request, response) => {
      hung.push(response);
      request.socket.once("close", () => closed());
      arrived();
    });
    const auth = credentials({ tokenUrl });
    const abort = new AbortController();
    const reason = new Error("TIMED_OUT");
    const isHanging = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const isClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const runs = [1, 2].map(() => caller.run({ url: api.url, auth }, { signal: abort.signal }));
    const outcomes = Promise.allSettled(runs);
    await isHanging;
    abort.abort(reason);
    expect(await outcomes).toEqual(runs.map(() => ({ status: "rejected", reason })));
    await isClosed;
    expect(hung).toHaveLength(1);

    const asked = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const next = caller.run({ url: api.url, auth });
    await asked;
    hung[1]?.writeHead(200, json).end('{"access_token":"late"}');
    await next;
    expect(api.tokens).toEqual(["late"]);
  });

  test("a job that is cancelled while its request for a token is under way fails no other that waits for it", async () => {
    const waiting: ServerResponse[] = [];
    let arrived = (): void => undefined;
    const tokenUrl = await serve((_, response) => {
      waiting.push(response);
      arrived();
    });
    const egress = createEgress({ allow: parseEgressRules("127.0.0.1") });
    const source = createTokenSource();
    const stops = [createRunAbort(), createRunAbort()];
    const next = () =>
      new Promise<void>((resolve) => {
        arrived = resolve;
      });
    const first = next();
    const asked = stops.map((stop) => {
      const fetch = createRunFetch(egress.fetch, () => undefined, stop);
      const { signal } = stop;
      const ctx = { job: { customerCode: "demo" }, fetch, clock: { now: () => new Date() }, signal };
      return source.token(ctx, credentials({ tokenUrl }));
    });
    const outcomes = Promise.allSettled(asked);
    await first;
    const second = next();
    stops[0]?.abort(new JobError("CANCELLED", "The job was cancelled."));
    await second;
    waiting[1]?.writeHead(200, json).end('{"access_token":"theirs"}');
    expect(await outcomes).toMatchObject([
      { status: "rejected", reason: { code: "CANCELLED" } },
      { status: "fulfilled", value: "theirs" },
    ]);
    await egress.close();
  });

  test("one that hangs for longer than it may fails all who wait for it, whatever time they have", async () => {
    const tokenUrl = await serve(() => undefined);
    const egress = createEgress({ allow: parseEgressRules("127.0.0.1") });
    const { signal } = new AbortController();
    const ctx = { job: { customerCode: "demo" }, fetch: egress.fetch, clock: { now: () => new Date() }, signal };
    const source = createTokenSource(50);
    const auth = credentials({ tokenUrl });
    const [one, two] = await Promise.all([1, 2].map(() => failure(source.token(ctx, auth), "TOKEN_REQUEST_FAILED")));
    expect(one).toBe(two);
    expect(one).toMatchObject({ retryable: true, details: { reason: "TIMEOUT", tokenUrl: `${tokenUrl}/` } });
    await egress.close();
  });
});

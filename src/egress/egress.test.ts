import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { failure, request, textOf } from "../../test/support/outgoing.ts";
import { startWebservice, type Webservice } from "../../test/support/webservice.ts";
import { parseEgressRules } from "../model/egress-rules.ts";
import { acceptedEncodings } from "./decode-body.ts";
import { createEgress, type Egress } from "./egress.ts";

let webservice: Webservice;
let egress: Egress;

beforeAll(async () => {
  webservice = await startWebservice();
  egress = createEgress({
    allow: parseEgressRules("127.0.0.0/8"),
    resolve: async (name) => {
      if (name.endsWith(".missing.test"))
        throw Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });
      if (name.endsWith(".silent.test")) throw Object.assign(new Error("getaddrinfo EAI_AGAIN"), { code: "EAI_AGAIN" });
      return name.endsWith(".empty.test") ? [] : ["127.0.0.1"];
    },
  });
});

afterAll(async () => {
  await egress.close();
  await webservice.close();
});

function at(path: string, host = "127.0.0.1"): string {
  return `http://${host}:${webservice.port}${path}`;
}

describe("a request", () => {
  test("arrives as it was meant, and its answer comes back", async () => {
    const response = await egress.fetch(
      request(at("/echo?a=1#fragment"), { method: "POST", headers: { "X-Mine": "yes" }, body: "hello" }),
    );
    expect(response).toMatchObject({ status: 200, statusText: "OK", url: at("/echo?a=1"), redirects: [] });
    const echo = JSON.parse(await textOf(response));
    expect(echo).toMatchObject({ method: "POST", url: "/echo?a=1", body: "hello" });
    expect(echo.headers).toMatchObject({
      "x-mine": "yes",
      "content-length": "5",
      "user-agent": "Punctual",
      "accept-encoding": acceptedEncodings,
    });
  });

  test("keeps its own user-agent and accept-encoding", async () => {
    const headers = { "User-Agent": "mine", "Accept-Encoding": "identity" };
    const echo = JSON.parse(await textOf(await egress.fetch(request(at("/echo"), { headers }))));
    expect(echo.headers).toMatchObject({ "user-agent": "mine", "accept-encoding": "identity" });
  });

  test.each(["Host", "content-length", "Transfer-Encoding", "connection"])("may not set %s", async (name) => {
    const error = await failure(egress.fetch(request(at("/echo"), { headers: { [name]: "1" } })), "INVALID_PARAMS");
    expect(error.message).toContain(name);
  });

  test("with a header that cannot be sent fails before it is sent", async () => {
    const before = webservice.calls();
    await failure(egress.fetch(request(at("/echo"), { headers: { "x-bad": "a\r\nb: c" } })), "INVALID_PARAMS");
    await failure(egress.fetch(request("ftp://127.0.0.1/")), "INVALID_PARAMS");
    expect(webservice.calls()).toBe(before);
  });

  test("gives every cookie, and joins other headers that come twice", async () => {
    const response = await egress.fetch(request(at("/headers")));
    response.body.destroy();
    expect(response.headers).toMatchObject({ "set-cookie": ["a=1", "b=2"], "x-twice": "one, two" });
  });

  test.each([
    ["HEAD", "/large?bytes=10"],
    ["GET", "/status/204"],
    ["GET", "/status/304"],
  ])("%s %s has no body", async (method, path) => {
    expect(await textOf(await egress.fetch(request(at(path), { method })))).toBe("");
  });

  test("tells how long its parts took, and null for what a kept connection did not need", async () => {
    const fresh = createEgress({ allow: parseEgressRules("127.0.0.0/8"), resolve: async () => ["127.0.0.1"] });
    const first = await fresh.fetch(request(at("/echo", "named.test")));
    await textOf(first);
    const second = await fresh.fetch(request(at("/echo", "named.test")));
    await textOf(second);
    expect(first.timings).toMatchObject({ dnsMs: expect.any(Number), connectMs: expect.any(Number), tlsMs: null });
    expect(second.timings).toMatchObject({ dnsMs: null, connectMs: null, tlsMs: null });
    expect(second.timings.firstByteMs).toBeGreaterThan(0);
    expect(second.timings.headMs).toBeGreaterThanOrEqual(second.timings.firstByteMs);
    await fresh.close();
  });
});

describe("a body", () => {
  test.each(["gzip", "deflate", "deflate-raw", "br"])("in %s is decoded", async (encoding) => {
    expect(await textOf(await egress.fetch(request(at(`/encoded/${encoding}`))))).toBe(
      JSON.stringify({ encoded: encoding }),
    );
  });

  test("in an encoding that is not known comes as it is", async () => {
    expect(await textOf(await egress.fetch(request(at("/encoded/rot13"))))).toBe('{"encoded":"rot13"}');
  });

  test.each(["/corrupt-gzip", "/cut-gzip"])("of %s is not understood", async (path) => {
    const error = await failure(egress.fetch(request(at(path))).then(textOf), "INVALID_RESPONSE");
    expect(error.message).toMatch(/not valid gzip/);
  });

  test("of a bomb is decoded no further than it is read", async () => {
    const response = await egress.fetch(request(at("/bomb/gzip?bytes=50000000")));
    let read = 0;
    let largest = 0;
    for await (const chunk of response.body) {
      read += chunk.byteLength;
      largest = Math.max(largest, chunk.byteLength);
      if (read > 200_000) break;
    }
    expect(read).toBeLessThan(300_000);
    expect(largest).toBeLessThanOrEqual(64 * 1024);
  });

  test("that is large comes whole, through pauses", async () => {
    expect((await textOf(await egress.fetch(request(at("/large?bytes=3000000"))))).length).toBe(3_000_000);
  });

  test("that is given up closes its connection", async () => {
    const own = await startWebservice();
    const response = await egress.fetch(request(`${own.origin}/hang-body`));
    response.body.destroy();
    await own.waitForNoConnections();
    expect(await textOf(response)).toBe("");
    await own.close();
  });
});

describe("redirects", () => {
  test.each([
    [301, "POST", "GET", ""],
    [302, "POST", "GET", ""],
    [303, "POST", "GET", ""],
    [303, "PUT", "GET", ""],
    [302, "PUT", "PUT", "data"],
    [307, "POST", "POST", "data"],
    [308, "POST", "POST", "data"],
  ])("%i turns %s into %s", async (status, method, expected, body) => {
    const response = await egress.fetch(
      request(at(`/redirect?status=${status}&to=/echo`), {
        method,
        body: "data",
        headers: { "Content-Type": "text/plain" },
      }),
    );
    expect(response).toMatchObject({ url: at("/echo"), redirects: [at(`/redirect?status=${status}&to=/echo`)] });
    const echo = JSON.parse(await textOf(response));
    expect(echo).toMatchObject({ method: expected, body });
    expect(echo.headers["content-type"]).toBe(body === "" ? undefined : "text/plain");
  });

  const headers = {
    Authorization: "Bearer secret",
    Cookie: "session=secret",
    "X-Api-Key": "secret",
    "X-Account": "secret",
    Accept: "application/json",
    "Idempotency-Key": "job",
  };

  test("to another origin carry no credentials", async () => {
    const to = encodeURIComponent(at("/echo", "other.test"));
    const echo = await textOf(await egress.fetch(request(at(`/redirect?to=${to}`), { headers })));
    expect(echo).not.toContain("secret");
    expect(JSON.parse(echo).headers).toMatchObject({ accept: "application/json", "idempotency-key": "job" });
  });

  test("within the origin carry everything", async () => {
    const echo = JSON.parse(await textOf(await egress.fetch(request(at("/redirect?to=/echo"), { headers }))));
    expect(echo.headers).toMatchObject({ authorization: "Bearer secret", "x-account": "secret" });
  });

  test("are the answer where none may be followed", async () => {
    const response = await egress.fetch(request(at("/redirect?to=/echo"), { maxRedirects: 0 }));
    response.body.destroy();
    expect(response).toMatchObject({ status: 302, headers: { location: "/echo" } });
  });

  test.each([
    ["/redirect-loop", /circle/],
    ["/redirect-on/1", /more than 10 times/],
    ["/redirect?to=file:///etc/passwd", /file:/],
    ["/redirect?to=http%3A%2F%2F%5Bnonsense", /not a URL/],
  ])("%s is not followed for ever or to nowhere", async (path, message) => {
    const error = await failure(egress.fetch(request(at(path))), "INVALID_RESPONSE");
    expect(error.message).toMatch(message);
  });

  test("drop credentials that the Location holds", async () => {
    const to = encodeURIComponent(`http://user:password@other.test:${webservice.port}/echo`);
    const response = await egress.fetch(request(at(`/redirect?to=${to}`)));
    expect(response.url).toBe(at("/echo", "other.test"));
    expect(await textOf(response)).not.toContain("authorization");
  });
});

describe("what goes wrong", () => {
  test.each([
    ["http://a.missing.test/", "HOST_NOT_FOUND", /^The name a\.missing\.test has no address/],
    ["http://a.silent.test:81/", "HOST_NOT_FOUND", /^The DNS server did not answer for the name a\.silent\.test;/],
    ["http://a.empty.test/", "HOST_NOT_FOUND", /^The name a\.empty\.test exists but has no IPv4 or IPv6 address/],
    ["http://127.0.0.1:1/", "CONNECTION_REFUSED", /127\.0\.0\.1:1 refused/],
  ] as const)("%s: %s", async (url, code, message) => {
    const error = await failure(egress.fetch(request(url)), code);
    expect(error.message).toMatch(message);
    expect(error.retryable).toBe(true);
  });

  test.each([
    ["/drop", "CONNECTION_LOST"],
    ["/drop-head", "CONNECTION_LOST"],
    ["/drop-body", "CONNECTION_LOST"],
    ["/bad-http", "INVALID_RESPONSE"],
    ["/huge-header", "INVALID_RESPONSE"],
  ] as const)("%s: %s", async (path, code) => {
    const error = await failure(egress.fetch(request(at(path), { method: "POST" })).then(textOf), code);
    expect(error.message).toContain(`127.0.0.1:${webservice.port}`);
    expect(error.details).toMatchObject({ host: "127.0.0.1", port: webservice.port, reason: expect.any(String) });
  });

  test("an address that refuses is passed over for the next", async () => {
    const several = createEgress({
      allow: parseEgressRules("127.0.0.0/8"),
      resolve: async () => ["127.0.0.2", "127.0.0.3", "127.0.0.1"],
    });
    expect((await several.fetch(request(at("/status/204", "several.test")))).status).toBe(204);
    await failure(several.fetch(request("http://several.test:1/")), "CONNECTION_REFUSED");
    await several.close();
  });

  test("a DNS server that never answers is given up after 15 s", async () => {
    const stuck = createEgress({ allow: [], resolve: () => new Promise(() => {}) });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const lost = failure(stuck.fetch(request("http://stuck.test/")), "HOST_NOT_FOUND");
      await vi.advanceTimersByTimeAsync(15_000);
      expect((await lost).message).toMatch(/within 15 s/);
    } finally {
      vi.useRealTimers();
      await stuck.close();
    }
  });

  test("after a failure the next request goes through", async () => {
    await failure(egress.fetch(request(at("/drop"))), "CONNECTION_LOST");
    expect((await egress.fetch(request(at("/status/204")))).status).toBe(204);
  });
});

describe("an abort", () => {
  const reason = new Error("timed out");

  test("before the call rejects with its reason, and nothing is sent", async () => {
    const before = webservice.calls();
    await expect(egress.fetch(request(at("/echo"), { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
    expect(webservice.calls()).toBe(before);
  });

  test("while the name is looked up rejects with its reason", async () => {
    const stuck = createEgress({ allow: [], resolve: () => new Promise(() => {}) });
    const abort = new AbortController();
    const answer = stuck.fetch(request("http://stuck.test/", { signal: abort.signal }));
    abort.abort(reason);
    await expect(answer).rejects.toBe(reason);
    await stuck.close();
  });

  test.each(["/hang", "/hang-body"])(
    "during %s rejects with its reason and closes the connection for good",
    async (path) => {
      const own = await startWebservice();
      const abort = new AbortController();
      const answer = egress.fetch(request(own.origin + path, { signal: abort.signal })).then(textOf);
      await own.waitForCalls(1);
      abort.abort(reason);
      await expect(answer).rejects.toBe(reason);
      await own.waitForNoConnections();
      expect(own.connections()).toBe(1);
      await own.close();
    },
  );
});

describe("connections", () => {
  test("are kept for the next request", async () => {
    const own = await startWebservice();
    for (let call = 0; call < 5; call++) await textOf(await egress.fetch(request(`${own.origin}/echo`)));
    expect(own.connections()).toBe(1);
    await own.close();
  });

  test("closed at the other end are not a failure of the next request", async () => {
    const own = await startWebservice();
    for (let call = 0; call < 5; call++) {
      await textOf(await egress.fetch(request(`${own.origin}/then-close`, { method: "POST" })));
      await own.waitForNoConnections();
    }
    expect(own.calls()).toBe(5);
    await own.close();
  });

  test("that die under a request that changes nothing are replaced once", async () => {
    const own = await startWebservice();
    await textOf(await egress.fetch(request(`${own.origin}/echo`)));
    expect((await egress.fetch(request(`${own.origin}/drop?times=1`))).status).toBe(200);
    expect(own.calls("/drop")).toBe(2);
    await own.close();
  });

  test("that die under a write are never replaced", async () => {
    const own = await startWebservice();
    await textOf(await egress.fetch(request(`${own.origin}/echo`)));
    await failure(egress.fetch(request(`${own.origin}/drop?times=1`, { method: "POST" })), "CONNECTION_LOST");
    expect(own.calls("/drop")).toBe(1);
    await own.close();
  });

  test("are limited per origin, and those who wait get the next or give up", async () => {
    const own = await startWebservice();
    const wide = createEgress({ allow: parseEgressRules("127.0.0.0/8") });
    own.hold();
    const abort = new AbortController();
    const answers = Array.from({ length: 300 }, () => wide.fetch(request(`${own.origin}/echo`)).then(textOf));
    const impatient = wide.fetch(request(`${own.origin}/impatient`, { signal: abort.signal }));
    await own.waitForCalls(256);
    abort.abort("enough");
    await expect(impatient).rejects.toBe("enough");
    expect(own.calls()).toBe(256);
    own.release();
    await Promise.all(answers);
    expect(own.calls()).toBe(300);
    expect(own.connections()).toBe(256);
    await wide.close();
    await own.close();
  });

  test("under way fail when the way out is closed", async () => {
    const closing = createEgress({ allow: parseEgressRules("127.0.0.0/8") });
    const calls = webservice.calls("/hang");
    const lost = failure(closing.fetch(request(at("/hang"))), "CONNECTION_LOST");
    await webservice.waitForCalls(calls + 1, "/hang");
    await closing.close();
    expect((await lost).message).toMatch(/stopping/);
  });
});

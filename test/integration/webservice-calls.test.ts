/** Calls through the queue: what the worker, the API and the call do together. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { fakeClock } from "../support/clock.ts";
import { type Send, sender } from "../support/http.ts";
import { openTestNode, startTestNode } from "../support/nodes.ts";
import { startWebservice, type Webservice } from "../support/webservice.ts";

let webservice: Webservice;
let node: Awaited<ReturnType<typeof openTestNode>>;
let send: Send;

beforeAll(async () => {
  webservice = await startWebservice();
  node = await openTestNode({ flags: { "egress-allow": "127.0.0.1" } });
  send = sender(node);
});

afterAll(async () => {
  await node.close();
  await webservice.close();
});

async function run(params: Record<string, unknown>, options: Record<string, unknown> = {}) {
  const { jobId } = await node.api.jobTypes.execute("callWebserviceEndpoint", { params, options });
  return node.api.jobs.get(jobId, { waitSeconds: 30 });
}

test("a call whose time is over tells the request and the answer so far", async () => {
  const job = await run({ url: `${webservice.origin}/hang-body` }, { timeoutSeconds: 1 });
  expect(job).toMatchObject({
    status: "FAILED",
    error: {
      code: "TIMED_OUT",
      message: expect.stringContaining("timeoutSeconds"),
      details: {
        cause: expect.stringContaining("13 bytes of its body"),
        request: { curl: expect.stringContaining("/hang-body") },
        response: { status: 200, body: "the beginning", truncated: true },
        timings: { firstByteMs: expect.any(Number), totalMs: expect.any(Number) },
      },
    },
  });
});

test("a body that comes in small pieces for ever ends with the attempt's time, and its connection with it", async () => {
  const dripping = await startWebservice();
  const job = await run({ url: `${dripping.origin}/drip` }, { timeoutSeconds: 1 });
  expect(job).toMatchObject({
    status: "FAILED",
    error: {
      code: "TIMED_OUT",
      details: {
        cause: expect.stringMatching(/after the head of the answer and \d+ bytes/),
        response: { status: 200, body: expect.stringMatching(/^(drop ){2,}/), truncated: true },
      },
    },
  });
  await dripping.waitForNoConnections();
  await dripping.close();
});

test("an answer of a hundred thousand levels is kept as text, and is no trouble to expressions", async () => {
  const url = `${webservice.origin}/deep?levels=100000`;
  const kept = await run({ url, successWhen: "$length(body) = 200000" });
  expect(kept).toMatchObject({ status: "COMPLETED", result: { bodyEncoding: "text" } });
  const refused = await run({ url, responseType: "json" });
  expect(refused).toMatchObject({ status: "FAILED", error: { code: "INVALID_RESPONSE" } });
});

test("an expression that loops fails its job, and the node answers meanwhile", async () => {
  const successWhen = "($f := function($n){$f($n + 1)}; $f(1))";
  const running = run({ url: `${webservice.origin}/status/200`, successWhen });
  await webservice.waitForCalls(1, "/status/200");
  expect((await send("GET", "/job-types")).status).toBe(200);
  expect(await running).toMatchObject({ status: "FAILED", error: { code: "EXPRESSION_FAILED" } });
});

test("a token and what is made of secrets shows nowhere, also where the other end sends it back", async () => {
  await node.api.secrets.put("PASSWORD", { value: "pa'ss wörd%1" });
  const auth = { type: "basic", username: "shop", password: "{{secrets.PASSWORD}}" };
  const echoed = await run({ url: `${webservice.origin}/echo`, auth });
  expect(echoed.status).toBe("COMPLETED");
  const body = { quoted: "{{secrets.PASSWORD}}" };
  const failed = await run({ url: `${webservice.origin}/status/500`, method: "POST", body, auth });
  expect(failed.error?.details).toMatchObject({
    request: { curl: expect.stringContaining(`--data-raw '{"quoted":"***"}'`) },
  });
  const encoded = Buffer.from("shop:pa'ss wörd%1").toString("base64");
  for (const job of [echoed, failed]) {
    expect(JSON.stringify(job)).not.toMatch(/pa'|ss wörd|%27ss|C3%B6rd/);
    expect(JSON.stringify(job)).not.toContain(encoded.slice(8, -4));
  }
});

test.each([
  [{ auth: { type: "basic", username: "a" } }, "/params/auth/password", "is missing"],
  [{ auth: { type: "digest" } }, "/params/auth/type", /must be one of basic, bearer, apiKey/],
  [{ auth: { type: "bearer", token: "a\r\nX: y" } }, "/params/auth/token", /line break/],
  [{ auth: { type: "apiKey", name: "Host", value: "a" } }, "/params/auth/name", /connection itself/],
  [{ auth: { type: "hmac", secret: "x", header: "X-A\nB" } }, "/params/auth/header", /header name/],
  [
    { auth: { type: "bearer", token: "a" }, headers: { authorization: "b" } },
    "/params/headers/authorization",
    /by auth/,
  ],
  [{ url: "https://{{secrets.A}}.evil.example/" }, "/params/url", /reference in its host/],
  [{ url: "{{secrets.A}}.evil.example/" }, "/params/url", /reference in its host/],
  [{ url: "https://{{secrets.A}}@evil.example/" }, "/params/url", /reference in its host/],
  [{ url: "https:\\\\{{ secrets.A }}/" }, "/params/url", /reference in its host/],
  [{ url: "https://a.example:{{job.attempt}}/" }, "/params/url", /./],
  [{ successWhen: "body.(" }, "/params/successWhen", /JSONata/],
  [{ retryOn: ["500-400"] }, "/params/retryOn/0", /write 400-500/],
])("%j is refused at %s, and nothing is kept", async (params, path, message) => {
  const whole = { url: "https://api.example.com/", ...params };
  const answer = await send("POST", "/job-types/callWebserviceEndpoint/_execute", { params: whole });
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ errors: [{ path, message: expect.stringMatching(message) }] });
});

test("Retry-After makes the pause longer, up to retry.maxSeconds", async () => {
  const slow = await startTestNode({ services: "byHand", flags: { "egress-allow": "127.0.0.1" } });
  const clock = fakeClock(slow.database);
  await clock.advance(0);
  const runAll = async () => {
    for (const service of ["heartbeat", "promote-jobs", "claim-jobs"]) await slow.run(service);
    await expect.poll(() => slow.running()).toBe(0);
  };
  const retry = { maxAttempts: 2, initialSeconds: 1, maxSeconds: 60 };
  const start = async (retryAfter: number) => {
    const params = { url: `${webservice.origin}/status/503?retryAfter=${retryAfter}` };
    return (await slow.api.jobTypes.execute("callWebserviceEndpoint", { params, options: { retry } })).jobId;
  };
  const [short, long] = [await start(30), await start(3_600)];
  const attempts = async () => [(await slow.api.jobs.get(short)).attempt, (await slow.api.jobs.get(long)).attempt];
  await runAll();
  await clock.advance(29_000);
  await runAll();
  expect(await attempts()).toEqual([1, 1]);
  await clock.advance(2_000);
  await runAll();
  expect(await attempts()).toEqual([2, 1]);
  await clock.advance(30_000);
  await runAll();
  expect(await attempts()).toEqual([2, 2]);
});

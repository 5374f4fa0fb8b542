import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { failure } from "../../../test/support/outgoing.ts";
import {
  type ScriptedAnswer,
  type ScriptedService,
  startScriptedService,
} from "../../../test/support/scripted-service.ts";
import { type Caller, startCaller } from "../../../test/support/webservice-caller.ts";
import { checkParams } from "./check-params.ts";
import type { Params } from "./params.ts";

let caller: Caller;
const services: ScriptedService[] = [];

beforeAll(() => {
  caller = startCaller("127.0.0.0/8");
});
afterEach(async () => {
  for (const service of services.splice(0)) await service.close();
});
afterAll(() => caller.close());

type Script = Parameters<typeof startScriptedService>[0];

async function serve(script: Script): Promise<ScriptedService> {
  const service = await startScriptedService(script);
  services.push(service);
  return service;
}

/** `/work` takes work with a 202; its address then answers one after another, the last for ever. */
function work(answers: readonly ScriptedAnswer[], accepted: ScriptedAnswer = {}): Script {
  return ({ url }, calls) =>
    url.startsWith("/work")
      ? { status: 202, headers: { location: "/status/1" }, body: { id: 7 }, ...accepted }
      : (answers[Math.min(calls, answers.length) - 1] ?? {});
}

function call(service: ScriptedService, waitFor: Params["waitFor"] = {}, more: Partial<Params> = {}): Params {
  return { url: `${service.origin}/work`, method: "POST", body: { a: 1 }, waitFor, ...more };
}

const pending: ScriptedAnswer = { status: 202, body: { state: "running" } };

describe("work that is done", () => {
  test("is asked after until then; the result is the last answer, with how often that was", async () => {
    const service = await serve(work([pending, pending, { body: { state: "done", rows: 3 } }]));
    const { result, sleeps, progress } = await caller.runThroughWaits(call(service));
    expect(result).toMatchObject({
      status: 200,
      body: { state: "done", rows: 3 },
      url: `${service.origin}/status/1`,
      polls: 3,
    });
    expect(service.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "POST /work",
      "GET /status/1",
      "GET /status/1",
      "GET /status/1",
    ]);
    expect(service.requests[1]).toMatchObject({ body: "" });
    expect(service.requests[1]?.headers).not.toHaveProperty("idempotency-key");
    expect(service.requests[1]?.headers).not.toHaveProperty("content-type");
    expect(sleeps).toEqual([5, 5, 5]);
    expect(progress.at(-1)).toMatch(/^2\/1000 waits/);
  });

  test("at once is not asked after", async () => {
    const service = await serve(() => ({ status: 200, body: { done: true } }));
    const { result, sleeps } = await caller.runThroughWaits(call(service));
    expect(result).toMatchObject({ status: 200, polls: 0 });
    expect(sleeps).toEqual([]);
  });

  test("by an expression, at an address of the body, whatever the first status", async () => {
    const answers = [{ body: { state: "running" } }, { status: 500 }, { body: { state: "done" } }];
    const service = await serve(work(answers, { status: 200, body: { id: 7, state: "queued" } }));
    const { result } = await caller.runThroughWaits(
      call(service, { when: "always", url: '"/status/" & body.id & "?full=1"', until: 'body.state = "done"' }),
    );
    expect(result).toMatchObject({ body: { state: "done" }, polls: 3 });
    expect(service.requests.at(-1)?.url).toBe("/status/7?full=1");
  });

  test("already in the first answer is not asked after", async () => {
    const service = await serve(work([], { status: 200, body: { state: "done" } }));
    const { result } = await caller.runThroughWaits(call(service, { when: "always", until: 'body.state = "done"' }));
    expect(result.polls).toBe(0);
  });

  test("by status: a redirect that is not followed, and statuses of one's own", async () => {
    const service = await serve(work([{ status: 404 }, { status: 303, headers: { location: "/result" } }]));
    const { result } = await caller.runThroughWaits(
      call(service, { untilStatus: [303], pendingStatus: [404] }, { followRedirects: false }),
    );
    expect(result).toMatchObject({ status: 303, headers: { location: "/result" }, polls: 2 });
  });

  // A question that meets a dead connection goes out once more by itself.
  test("survives questions that fail on their way", async () => {
    const service = await serve(work([{ drop: true }, { drop: true }, { status: 503 }, { status: 429 }, {}]));
    expect((await caller.runThroughWaits(call(service))).result).toMatchObject({ status: 200, polls: 4 });
  });
});

describe("the interval", () => {
  test("grows up to its longest, and Retry-After stands in its place", async () => {
    const retry = (seconds: string): ScriptedAnswer => ({ ...pending, headers: { "retry-after": seconds } });
    const answers = [pending, pending, pending, retry("60"), retry("0"), retry("99999"), pending, {}];
    const service = await serve(work(answers, { headers: { location: "/status/1", "retry-after": "7" } }));
    const { sleeps } = await caller.runThroughWaits(
      call(service, { intervalSeconds: 10, intervalFactor: 2, maxIntervalSeconds: 35, limitSeconds: 100_000 }),
    );
    expect(sleeps).toEqual([7, 20, 35, 35, 60, 1, 3_600, 35]);
  });
});

describe("work that is never done", () => {
  test("ends with the limit of time, the last question on it", async () => {
    const service = await serve(work([pending]));
    const error = await failure(
      caller.runThroughWaits(call(service, { intervalSeconds: 30, limitSeconds: 100 })),
      "TIMED_OUT",
    );
    expect(error.message).toMatch(
      /not done within waitFor\.limitSeconds, 100 s: it was asked after 4 times, and the last question answered 202/,
    );
    expect(error.details).toMatchObject({ polls: 4, response: { status: 202 }, remedy: expect.any(String) });
  });

  test("ends with the limit of questions", async () => {
    const service = await serve(work([pending]));
    const error = await failure(caller.runThroughWaits(call(service, { maxPolls: 3 })), "TIMED_OUT");
    expect(error.message).toMatch(/waitFor\.maxPolls, 3: it was asked after 3 times/);
    expect(service.requests).toHaveLength(4);
  });

  test("ends with the limit where nobody answers any more, and says so", async () => {
    const service = await serve(work([{ drop: true }]));
    const error = await failure(caller.runThroughWaits(call(service, { maxPolls: 2 })), "TIMED_OUT");
    expect(error.message).toMatch(/the last question failed: .*closed before the answer/);
  });
});

describe("work that fails", () => {
  test("fails the job with the text of failWhen", async () => {
    const service = await serve(work([pending, { body: { state: "error", why: "no disk" } }]));
    const waitFor = { failWhen: 'body.state = "error" ? body.why', until: "body.state = 'done'" };
    const error = await failure(caller.runThroughWaits(call(service, waitFor)), "RESPONSE_REJECTED");
    expect(error.message).toBe("The work at the other end has failed: no disk");
    expect(error.retryable).toBe(false);
    expect(error.details).toMatchObject({ request: { method: "GET" }, response: { body: { why: "no disk" } } });
  });

  test("fails the job with a status that is neither done nor pending", async () => {
    const service = await serve(work([{ status: 410, body: { message: "gone" } }]));
    const error = await failure(caller.runThroughWaits(call(service)), "HTTP_STATUS");
    expect(error.message).toMatch(/the answer was 410: gone\..*pendingStatus/);
  });

  test("and was never taken fails as any other call", async () => {
    const service = await serve(() => ({ status: 500 }));
    await failure(caller.runThroughWaits(call(service)), "HTTP_STATUS");
  });

  test.each([
    [{}, {}, /is missing/],
    [{ location: "ftp://a.test/x" }, {}, /begins with ftp:/],
    [{ location: "http://[nonsense" }, {}, /is no URL/],
    [{ location: "/ok" }, { url: "body.nothing" }, /is missing/],
    [{ location: "/ok" }, { url: "body" }, /is not a text/],
    [{ location: "/ok" }, { url: "$pad('/', 9000, 'x')" }, /more than 8192 characters/],
  ])("and names the address %j by %j is not understood", async (headers, waitFor, message) => {
    const service = await serve(work([], { headers }));
    const error = await failure(caller.runThroughWaits(call(service, waitFor)), "INVALID_RESPONSE");
    expect(error.message).toMatch(message);
    expect(service.requests).toHaveLength(1);
  });

  test("where an expression fails", async () => {
    const service = await serve(work([pending]));
    await failure(caller.runThroughWaits(call(service, { until: "$error('mine')" })), "EXPRESSION_FAILED");
  });
});

describe("where it is asked", () => {
  const secretive: Partial<Params> = {
    headers: { "X-Account": "hush", Accept: "application/json" },
    auth: { type: "bearer", token: "hush" },
  };

  test("within the origin, with everything", async () => {
    const service = await serve(work([{}]));
    await caller.runThroughWaits(call(service, {}, secretive));
    expect(service.requests[1]?.headers).toMatchObject({ authorization: "Bearer hush", "x-account": "hush" });
  });

  test("elsewhere, without what might be a credential, unless said", async () => {
    const other = await serve(() => ({}));
    const service = await serve(work([], { headers: { location: `${other.origin}/status` } }));
    await caller.runThroughWaits(call(service, {}, secretive));
    expect(JSON.stringify(other.requests[0]?.headers)).not.toContain("hush");
    expect(other.requests[0]?.headers.accept).toBe("application/json");
    await caller.runThroughWaits(call(service, { credentials: "always" }, secretive));
    expect(other.requests[1]?.headers).toMatchObject({ authorization: "Bearer hush", "x-account": "hush" });
  });

  test("never where jobs may not go", async () => {
    const service = await serve(work([], { headers: { location: "http://169.254.169.254/latest" } }));
    await failure(caller.runThroughWaits(call(service)), "ADDRESS_NOT_ALLOWED");
  });

  test("a key in the query is no part of the address that is kept", async () => {
    const service = await serve(work([{}], { headers: { location: "/status/1?a=b&key=hush" } }));
    const auth = { type: "apiKey", in: "query", name: "key", value: "hush" } as const;
    const { states } = await caller.runThroughWaits(call(service, {}, { auth }));
    expect(JSON.stringify(states)).not.toContain("hush");
    expect(service.requests[1]?.url).toBe("/status/1?a=b&key=hush");
  });
});

test("another attempt begins anew, and so does a run with a state that is none", async () => {
  const service = await serve(work([pending, {}]));
  const { states } = await caller.runThroughWaits(call(service));
  for (const [state, attempt] of [
    [states[0], 2],
    [{ waitFor: { url: 3 } }, 1],
    ["nonsense", 1],
  ] as const) {
    await caller.runThroughWaits(call(service), { state, attempt });
    expect(service.requests.at(-2)?.method).toBe("POST");
  }
  await caller.runThroughWaits(call(service), { state: states[0], attempt: 1 });
  expect(service.requests.at(-2)?.method).toBe("GET");
});

test.each<[NonNullable<Params["waitFor"]>, string]>([
  [{ when: "always" }, "/waitFor/until"],
  [{ until: "body.(" }, "/waitFor/until"],
  [{ failWhen: "(" }, "/waitFor/failWhen"],
  [{ url: "'" }, "/waitFor/url"],
  [{ intervalSeconds: 60, maxIntervalSeconds: 30 }, "/waitFor/maxIntervalSeconds"],
  [{ untilStatus: ["300-200"] }, "/waitFor/untilStatus/0"],
  [{ pendingStatus: [200, "300-200"] }, "/waitFor/pendingStatus/1"],
])("%j is refused at %s", (waitFor, path) => {
  expect(checkParams({ url: "https://a.test/", waitFor }).map((fault) => fault.path)).toEqual([path]);
});

test("waitFor and paginate do not go together", () => {
  const params: Params = { url: "https://a.test/", waitFor: {}, paginate: { by: "link" } };
  expect(checkParams(params).map((fault) => fault.path)).toEqual(["/paginate"]);
});

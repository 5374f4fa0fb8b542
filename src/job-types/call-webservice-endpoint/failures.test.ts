import { createServer, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { failure } from "../../../test/support/outgoing.ts";
import { startWebservice, type Webservice } from "../../../test/support/webservice.ts";
import { type Caller, startCaller } from "../../../test/support/webservice-caller.ts";
import { JobError, type JobErrorCode } from "../contract.ts";
import type { Params } from "./params.ts";

let webservice: Webservice;
let secure: Webservice;
let caller: Caller;
let closedPort: number;
let raw: { port: number; close(): Promise<void> };

/** Answers each connection's first bytes with what the path names, as bytes. */
const answers: Readonly<Record<string, (socket: Socket) => void>> = {
  "/longer": (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"),
  "/half-closed": (socket) => socket.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n"),
  "/half-closed-head": (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-"),
  "/two-lengths": (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nshort!"),
  "/endless": (socket) => {
    socket.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n");
    const pour = (): void => {
      while (!socket.destroyed && socket.write(`10000\r\n${"x".repeat(65_536)}\r\n`));
      socket.once("drain", pour);
    };
    pour();
  },
};

function startRaw(): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", (head) => answers[head.toString().split(" ")[1] ?? ""]?.(socket));
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("no port");
      resolve({
        port: address.port,
        close: () =>
          new Promise((closed) => {
            for (const socket of sockets) socket.destroy();
            server.close(() => closed());
          }),
      });
    });
  });
}

beforeAll(async () => {
  webservice = await startWebservice();
  secure = await startWebservice({ certificate: "self-signed" });
  raw = await startRaw();
  const closed = await startRaw();
  closedPort = closed.port;
  await closed.close();
  caller = startCaller("127.0.0.1,nowhere.invalid");
});

afterAll(async () => {
  await caller.close();
  await Promise.all([webservice.close(), secure.close(), raw.close()]);
});

type Row = [what: string, code: JobErrorCode, params: () => Params, cause: RegExp, remedy: RegExp, more?: object];

const rows: Row[] = [
  [
    "no such host",
    "HOST_NOT_FOUND",
    () => ({ url: "http://nowhere.invalid/" }),
    /nowhere\.invalid could not/,
    /spelling/,
    { timings: { dnsMs: expect.any(Number), connectMs: null } },
  ],
  ["a private address", "ADDRESS_NOT_ALLOWED", () => ({ url: "http://10.0.0.1/" }), /^10\.0\.0\.1 lies/, /operator/],
  [
    "nothing listens",
    "CONNECTION_REFUSED",
    () => ({ url: `http://127.0.0.1:${closedPort}/` }),
    /refused the connection/,
    /port/,
    {
      timings: {
        dnsMs: null,
        connectMs: expect.any(Number),
        tlsMs: null,
        firstByteMs: null,
        totalMs: expect.any(Number),
      },
    },
  ],
  [
    "dropped before the head",
    "CONNECTION_LOST",
    () => ({ url: `${webservice.origin}/drop` }),
    /before any answer/,
    /log of the other end/,
  ],
  [
    "dropped in the body",
    "CONNECTION_LOST",
    () => ({ url: `${webservice.origin}/drop-body` }),
    /13 bytes of its body/,
    /options\.retry/,
    { response: { status: 200, body: "the beginning", truncated: true } },
  ],
  [
    "shorter than its Content-Length",
    "CONNECTION_LOST",
    () => ({ url: `http://127.0.0.1:${raw.port}/longer` }),
    /5 bytes of its body/,
    /options\.retry/,
    { response: { body: "short", truncated: true } },
  ],
  [
    "half-closed in the body",
    "CONNECTION_LOST",
    () => ({ url: `http://127.0.0.1:${raw.port}/half-closed` }),
    /5 bytes of its body/,
    /options\.retry/,
    { response: { body: "short", truncated: true } },
  ],
  [
    "half-closed in the head",
    "CONNECTION_LOST",
    () => ({ url: `http://127.0.0.1:${raw.port}/half-closed-head` }),
    /before any answer/,
    /options\.retry/,
  ],
  [
    "two lengths",
    "CONNECTION_LOST",
    () => ({ url: `http://127.0.0.1:${raw.port}/two-lengths` }),
    /broke before any answer/,
    /options\.retry/,
  ],
  [
    "a self-signed certificate",
    "TLS_ERROR",
    () => ({ url: `${secure.origin}/` }),
    /secure connection/,
    /details\.reason/,
    { timings: { connectMs: expect.any(Number), tlsMs: expect.any(Number), firstByteMs: null } },
  ],
  [
    "a status",
    "HTTP_STATUS",
    () => ({ url: `${webservice.origin}/status/429` }),
    /fewer calls/,
    /maxConcurrent/,
    { response: { status: 429, body: { status: 429 }, truncated: false } },
  ],
  ["a status of 5xx", "HTTP_STATUS", () => ({ url: `${webservice.origin}/status/507` }), /507: the fault is/, /retry/],
  ["a status of 4xx", "HTTP_STATUS", () => ({ url: `${webservice.origin}/status/418` }), /refused.*418/, /reason/],
  ["not modified", "HTTP_STATUS", () => ({ url: `${webservice.origin}/status/304` }), /nothing has changed/, /Add 304/],
  [
    "a status of 2xx",
    "HTTP_STATUS",
    () => ({ url: `${webservice.origin}/`, successStatus: [201] }),
    /status 200 is/,
    /Add it/,
  ],
  [
    "a redirect",
    "HTTP_STATUS",
    () => ({ url: `${webservice.origin}/redirect?to=/a`, followRedirects: false }),
    /another address/,
    /followRedirects/,
  ],
  [
    "an answer that is no success",
    "RESPONSE_REJECTED",
    () => ({ url: `${webservice.origin}/status/200`, successWhen: "body.status = 5" }),
    /body\.status = 5 is not true/,
    /successWhen/,
    { response: { body: { status: 200 } } },
  ],
  [
    "an expression",
    "EXPRESSION_FAILED",
    () => ({ url: `${webservice.origin}/status/200`, successWhen: "$error('no')" }),
    /could not be evaluated: .*no/,
    /simplify/,
  ],
  [
    "no token",
    "TOKEN_REQUEST_FAILED",
    () => ({
      url: `${webservice.origin}/`,
      auth: {
        type: "oauth2ClientCredentials",
        tokenUrl: `${webservice.origin}/status/400`,
        clientId: "a",
        clientSecret: "hidden",
      },
    }),
    /gave no token \(HTTP_400\)/,
    /auth\.tokenUrl/,
    { token: { status: 400 } },
  ],
  [
    "too large",
    "RESPONSE_TOO_LARGE",
    () => ({ url: `${webservice.origin}/large`, maxResponseBytes: 1_000 }),
    /1000 bytes/,
    /onTooLarge/,
    { response: { truncated: true } },
  ],
  [
    "a body without end",
    "RESPONSE_TOO_LARGE",
    () => ({ url: `http://127.0.0.1:${raw.port}/endless` }),
    /1048576 bytes/,
    /onTooLarge/,
    { response: { body: "x".repeat(16_384), truncated: true } },
  ],
  [
    "no JSON",
    "INVALID_RESPONSE",
    () => ({ url: `${webservice.origin}/not-json`, responseType: "json" }),
    /could not be understood after the head/,
    /responseType/,
    { response: { body: "<html>not JSON</html>" } },
  ],
  [
    "no HTTP",
    "INVALID_RESPONSE",
    () => ({ url: `${webservice.origin}/bad-http` }),
    /before any answer/,
    /documentation/,
  ],
  ["a circle", "INVALID_RESPONSE", () => ({ url: `${webservice.origin}/redirect-loop` }), /not be understood/, /./],
];

test.each(rows)(
  "%s tells %s, its cause, a remedy, the request and the time line",
  async (_, code, params, cause, remedy, more = {}) => {
    const given = params();
    const headers = { "X-Api-Key": "hidden", "X-Mine": "it's mine" };
    const error = await failure(caller.run({ ...given, headers }, { attempt: 2, secrets: ["it's mine"] }), code);
    expect(error.details).toMatchObject({
      cause: expect.stringMatching(cause),
      remedy: expect.stringMatching(remedy),
      attempt: 2,
      maxAttempts: 3,
      request: {
        method: "GET",
        url: given.url,
        headers: { "X-Api-Key": "***", "X-Mine": "***" },
        curl: expect.stringMatching(/^curl .*--header 'X-Api-Key: \*\*\*' --header 'X-Mine: \*\*\*'/),
      },
      timings: { totalMs: expect.any(Number) },
      ...more,
    });
    for (const sentence of [error.details?.cause, error.details?.remedy]) expect(sentence).toMatch(/^\S.*\.$/s);
    expect(JSON.stringify(error.details)).not.toMatch(/hidden|it's|it'\\/);
  },
);

test("params that turn out wrong once they are filled in send nothing", async () => {
  const before = webservice.calls();
  const params: Params = { url: webservice.origin, headers: { "X-A": "a\r\nX-B: b" } };
  const error = await failure(caller.run(params), "INVALID_PARAMS");
  expect(error.details).toMatchObject({
    errors: [{ path: "/headers/X-A" }],
    remedy: expect.stringContaining("nothing was sent"),
  });
  expect(webservice.calls()).toBe(before);
});

test.each<[JobErrorCode, string, RegExp]>([
  ["TIMED_OUT", "/hang", /before any answer came/],
  ["TIMED_OUT", "/hang-body", /after the head of the answer and 13 bytes/],
  ["CANCELLED", "/hang", /cancelled before any answer/],
])("%s during %s tells how far the call had come, and keeps its reason", async (code, path, cause) => {
  const abort = new AbortController();
  const reason = new JobError(code, "over");
  const before = webservice.calls(path);
  const outcome = failure(caller.run({ url: webservice.origin + path }, { signal: abort.signal }), code);
  await webservice.waitForCalls(before + 1, path);
  if (path === "/hang-body") await expect.poll(() => caller.logged.at(-1)).toMatch(/hang-body: 200 in/);
  abort.abort(reason);
  const error = await outcome;
  expect(error).toMatchObject({ code, message: "over", cause: reason });
  expect(error.details).toMatchObject({
    cause: expect.stringMatching(cause),
    request: { curl: expect.stringContaining(path) },
    timings: { totalMs: expect.any(Number) },
  });
});

/** Bodies that are no JSON, too much of it, or just within the limits. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { problemOf, type Send, sender, statusAndCode } from "../support/http.ts";
import { openTestNode } from "../support/nodes.ts";
import { leavingNothing } from "../support/stored-rows.ts";

let node: Awaited<ReturnType<typeof openTestNode>>;
let send: Send;

beforeAll(async () => {
  node = await openTestNode({ services: "byHand" });
  send = sender(node);
});
afterAll(() => node.close());

const call = "/job-types/callWebserviceEndpoint/_execute";
const echo = "/job-types/echo/_execute";
const url = "https://api.example.com/";

function nested(depth: number): string {
  return `{"params":${'{"a":'.repeat(depth - 1)}1${"}".repeat(depth)}`;
}

test.each<[string, unknown, string]>([
  ["nothing like JSON", "hello", "400 MALFORMED_JSON"],
  ["half of it", '{"params":{', "400 MALFORMED_JSON"],
  ["two of it", "{}{}", "400 MALFORMED_JSON"],
  ["NaN", '{"params":{"a":NaN}}', "400 MALFORMED_JSON"],
  ["a byte order mark and nothing", new Uint8Array([0xef, 0xbb]), "400 MALFORMED_JSON"],
  ["bytes that are not UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), "400 MALFORMED_JSON"],
  ["a surrogate in UTF-8", new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]), "400 MALFORMED_JSON"],
  ["10,000 deep", `{"params":${"[".repeat(10_000)}${"]".repeat(10_000)}}`, "400 VALIDATION_FAILED"],
  ["a million brackets", "[".repeat(1_000_000), "400 VALIDATION_FAILED"],
  ["65 deep", nested(65), "400 VALIDATION_FAILED"],
  ["2 MiB", { params: { a: "x".repeat(2 * 1024 * 1024) } }, "413 PAYLOAD_TOO_LARGE"],
  ["1 MiB and a byte", `{"params":{"a":"${"x".repeat(1024 * 1024 - 18)}"}}`, "413 PAYLOAD_TOO_LARGE"],
])("a body that is %s", async (_name, body, expected) => {
  const answer = await leavingNothing(node.database, () => send("POST", echo, body));
  expect(statusAndCode(answer)).toBe(expected);
  expect(answer.text.length).toBeLessThan(1000);
});

test("64 deep and 1 MiB are still taken, and so are repeated names: the last one counts", async () => {
  for (const body of [nested(64), `{"params":{"a":"${"x".repeat(1024 * 1024 - 19)}"}}`]) {
    expect((await send("POST", echo, body)).status).toBe(200);
  }
  const { jobId } = await node.api.jobTypes.execute("echo", { params: {} });
  const answer = await send("POST", echo, '{"params":{"a":1},"params":{"b":-0,"b":1e3,"c":"\\ud83d\\ude00"}}');
  expect(answer.status).toBe(200);
  const { jobs } = await node.api.jobs.list({ limit: 1 });
  expect(jobs[0]?.jobId).not.toBe(jobId);
  expect((await node.api.jobs.get(jobs[0]?.jobId ?? "")).params).toEqual({ b: 1000, c: "😀" });
});

test("faults are told all at once, but at most 20, however many and long they are", async () => {
  const two = problemOf(await send("POST", echo, { priority: 0, wat: 1, options: { priority: 10 } }));
  expect(two.errors?.map((error) => error.path).sort()).toEqual(["/options/priority", "/priority", "/wat"]);
  expect(two.detail).toMatch(/\(and 2 more\)$/);

  const many = Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`field${index}`, 1]));
  for (const [path, body] of [
    [echo, many],
    [call, { params: many }],
    [echo, { ["x".repeat(900_000)]: 1 }],
  ] as const) {
    const answer = await leavingNothing(node.database, () => send("POST", path, body));
    expect(problemOf(answer).errors?.length).toBeLessThanOrEqual(20);
    expect(answer.text.length).toBeLessThan(10_000);
  }
  const headers = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`${"x y".repeat(2_000)}${index}`, "1"]),
  );
  const long = await leavingNothing(node.database, () => send("POST", call, { params: { url, headers } }));
  expect(problemOf(long).errors).toHaveLength(20);
  expect(long.text.length).toBeLessThan(30_000);
});

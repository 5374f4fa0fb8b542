import { createServer } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { failure } from "../../../test/support/outgoing.ts";
import { type Caller, startCaller } from "../../../test/support/webservice-caller.ts";
import { errorTextOf } from "../shared/error-text.ts";
import { checkParams } from "./check-params.ts";
import type { Params } from "./params.ts";
import type { Result } from "./result.ts";

let caller: Caller;
let origin: string;
/** Answers the status of the path and, as JSON, what was sent. */
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const retryAfter = request.headers["x-retry"];
  if (typeof retryAfter === "string") response.setHeader("retry-after", retryAfter);
  response.writeHead(Number(request.url?.slice(1)), { "content-type": "application/json", "x-kind": "echo" });
  response.end(Buffer.concat(chunks));
});

beforeAll(async () => {
  caller = startCaller("127.0.0.1");
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  origin = `http://127.0.0.1:${address.port}`;
});

afterAll(async () => {
  await caller.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function answering(status: number, body: unknown, params: Partial<Params> = {}): Promise<Result> {
  return caller.run({ url: `${origin}/${status}`, method: "POST", bodyType: "json", body, ...params });
}

test.each<[string, unknown]>([
  ["$not($exists(body.error))", { orders: [] }],
  ["body.state = 'done' and status = 200", { state: "done" }],
  ["headers.`x-kind` = 'echo'", { a: 1 }],
  ["body.orders", { orders: [{ id: 1 }] }],
  ["body", "text"],
])("%s is true of %j", async (successWhen, body) => {
  expect(await answering(200, body, { successWhen })).toMatchObject({ status: 200, body });
});

test.each<[string, unknown, string]>([
  ["$not($exists(body.error))", { error: "Quota exceeded" }, "Quota exceeded"],
  ["$not($exists(body.error))", { error: { code: 17, message: "No such order" } }, "No such order"],
  ["body.ok", { ok: false, error: "channel_not_found" }, "channel_not_found"],
  ["body.orders", { orders: [] }, "it says no reason"],
  ["body.nothing", { a: 1 }, "it says no reason"],
  ["status = 201", { message: "half done" }, "half done"],
])("where %s is not true of %j the job fails with that text", async (successWhen, body, text) => {
  const error = await failure(answering(200, body, { successWhen }), "RESPONSE_REJECTED");
  expect(error.message).toBe(`POST ${origin}/200 answered 200, and successWhen is not true of it: ${text}`);
  expect(error.retryable).toBe(false);
  expect(error.details).toMatchObject({ response: { status: 200, body } });
});

test("both status and expression count, and an expression is not asked about a status that is none of success", async () => {
  await failure(answering(500, { ok: true }, { successWhen: "body.ok" }), "HTTP_STATUS");
  await failure(answering(404, { ok: false }, { successWhen: "body.ok", successStatus: [404] }), "RESPONSE_REJECTED");
});

test("failureMessage says what failed, of either kind; what fails itself leaves the failure as it was", async () => {
  const body = { fault: { parts: ["a", "b"] }, error: "plain" };
  const failureMessage = "$join(body.fault.parts, ' and ')";
  const refused = await failure(answering(200, body, { successWhen: "false", failureMessage }), "RESPONSE_REJECTED");
  expect(refused.message).toMatch(/: a and b$/);
  const status = await failure(answering(400, body, { failureMessage }), "HTTP_STATUS");
  expect(status.message).toMatch(/answered 400 Bad Request: a and b$/);
  const object = await failure(answering(400, body, { failureMessage: "body.fault" }), "HTTP_STATUS");
  expect(object.message).toMatch(/: \{"parts":\["a","b"\]\}$/);
  const broken = await failure(answering(400, body, { failureMessage: "$error('no')" }), "HTTP_STATUS");
  expect(broken.message).toMatch(/: plain$/);
  expect(caller.logged.at(-1)).toMatch(/^failureMessage: .*no/);
});

test("an expression that loops fails its job alone", async () => {
  const successWhen = "($f := function($n){$f($n + 1)}; $f(1))";
  const error = await failure(answering(200, { a: 1 }, { successWhen }), "EXPRESSION_FAILED");
  expect(error.message).toMatch(/takes longer than/);
  expect(error.details).toMatchObject({ expression: successWhen, response: { body: { a: 1 } } });
  expect(await answering(200, {}, { successWhen: "true" })).toMatchObject({ status: 200 });
});

test.each<[number, Partial<Params>, boolean]>([
  [429, {}, true],
  [501, {}, false],
  [520, {}, true],
  [404, {}, false],
  [404, { retryOn: [404] }, true],
  [503, { retryOn: ["400-499"] }, false],
  [503, { retryOn: [] }, false],
  [200, { successWhen: "false" }, false],
  [200, { successWhen: "false", retryOn: [200] }, true],
])("%i with %j is retryable: %s", async (status, params, retryable) => {
  const code = params.successWhen === undefined ? "HTTP_STATUS" : "RESPONSE_REJECTED";
  const error = await failure(answering(status, {}, { headers: { "x-retry": "7" }, ...params }), code);
  expect(error).toMatchObject({ retryable, retryAfterSeconds: 7 });
});

test.each<[unknown, string | undefined]>([
  [{ title: "Not valid", detail: "name is missing" }, "name is missing"],
  [{ error: "invalid_grant", error_description: "expired" }, "invalid_grant: expired"],
  [{ error: "Not Found", message: "No order 5", status: 404 }, "Not Found: No order 5"],
  [{ errors: [{ message: "first" }, { message: "second" }] }, "first"],
  [{ errors: ["first"] }, "first"],
  [{ errors: [{ title: "only a title" }] }, "only a title"],
  [{ error: { errors: [{ message: "deep" }] } }, "deep"],
  [{ fault: { faultstring: "soap" } }, "soap"],
  [[{ message: "in a list" }], "in a list"],
  [{ message: "  two\n lines " }, "two lines"],
  [{ message: "" }, undefined],
  [{ message: 5 }, undefined],
  [{ a: 1 }, undefined],
  ["text", undefined],
  [null, undefined],
])("the text of %j is %j", (body, text) => {
  expect(errorTextOf(body)).toBe(text);
});

test("a text is bounded", () => {
  expect(errorTextOf({ message: "x".repeat(1_000_000) })).toBe(`${"x".repeat(500)}…`);
});

test.each([
  ["body.(", /is not a JSONata expression: .*\(at character \d+\)/],
  ["a".repeat(3).padEnd(4_000, "("), /is not a JSONata expression/],
])("%s is refused when it is written", (expression, message) => {
  const url = "https://api.example.com/";
  for (const path of ["successWhen", "failureMessage"]) {
    expect(checkParams({ url, [path]: expression })).toEqual([
      { path: `/${path}`, message: expect.stringMatching(message) },
    ]);
  }
});

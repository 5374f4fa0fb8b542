/** A secret that is bound to hosts goes nowhere else, and none goes into the name of a host. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openTestNode } from "../support/nodes.ts";
import { createPlays, type Play } from "../support/waiting-job-types.ts";
import { startWebservice, type Webservice } from "../support/webservice.ts";

const value = `bound/to"one&host`;
const go: Play = async ({ fetch, signal }, { url }) =>
  (await fetch({ url: new URL(String(url)), method: "GET", headers: {}, signal, maxRedirects: 0 })).status;

let home: Webservice;
let abroad: Webservice;
let node: Awaited<ReturnType<typeof openTestNode>>;

beforeAll(async () => {
  home = await startWebservice();
  abroad = await startWebservice();
  const allowed = [home, abroad].flatMap(({ port }) => [`127.0.0.1:${port}`, `localhost:${port}`]).join(",");
  node = await openTestNode({ flags: { "egress-allow": allowed }, testJobTypes: createPlays({ go }).types });
  await node.api.secrets.put("BOUND", { value, hosts: [`127.0.0.1:${home.port}`] });
  await node.api.secrets.put("FREE_NAME", { value: "Name-of-nobody" });
  await node.api.secrets.put("FREE", { value: "may go anywhere" });
  await node.api.secrets.put("BOUND_CODE", { value: "c2VjcmV0K2NvZGUxMjM0", hosts: [`127.0.0.1:${home.port}`] });
  await node.api.secrets.put("HOST", { value: "localhost" });
  await node.api.secrets.put("PORT", { value: String(abroad.port) });
  await node.api.secrets.put("WHOLE_URL", { value: `${abroad.origin}/echo` });
});
afterAll(async () => {
  await node.close();
  await Promise.all([home.close(), abroad.close()]);
});

let before = 0;
afterEach(() => {
  before = abroad.calls();
});

async function call(params: Record<string, unknown>) {
  const { jobId } = await node.api.jobTypes.execute("callWebserviceEndpoint", { params });
  return node.api.jobs.get(jobId, { waitSeconds: 30 });
}

const bound = "{{secrets.BOUND}}";
const everywhere = {
  method: "POST",
  searchParams: { q: bound },
  headers: { "X-Token": bound },
  auth: { type: "basic", username: "user", password: bound },
  body: { token: bound },
};

test("it goes to its host, in every place", async () => {
  const job = await call({ url: `${home.origin}/echo`, ...everywhere });
  expect(job).toMatchObject({ status: "COMPLETED" });
  expect(home.requests.at(-1)?.body).toBe(JSON.stringify({ token: value }));
});

test.each<[string, Record<string, unknown>]>([
  ["the path", { url: "/echo/{{secrets.BOUND}}" }],
  ["the query", { url: "/echo", searchParams: { q: `x ${bound}` } }],
  ["a header", { url: "/echo", headers: { "X-Any": `a=${bound}` } }],
  ["a password", { url: "/echo", auth: { type: "basic", username: "user", password: bound } }],
  ["a token", { url: "/echo", auth: { type: "bearer", token: bound } }],
  ["a signature", { url: "/echo", auth: { type: "hmac", secret: bound, header: "X-Signature" } }],
  ["a body", { url: "/echo", method: "POST", body: { deep: [bound] } }],
  ["a text", { url: "/echo", method: "POST", body: `<x>${bound}</x>` }],
  [
    "a form",
    {
      url: "/echo",
      method: "POST",
      body: `a=b&c=${bound}`,
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
    },
  ],
])("it goes nowhere else in %s, and nothing is sent", async (_where, { url, ...rest }) => {
  const job = await call({ url: abroad.origin + String(url), ...rest });
  expect(job).toMatchObject({
    status: "FAILED",
    error: {
      code: "SECRET_NOT_ALLOWED",
      retryable: false,
      message: expect.stringContaining(`The secret BOUND may be sent to 127.0.0.1:${home.port} alone`),
      details: { secretCode: "BOUND" },
    },
  });
  expect(abroad.calls()).toBe(before);
});

test.each<[string, Record<string, unknown>]>([
  ["a body", { bodyType: "base64", body: "{{secrets.BOUND_CODE}}" }],
  ["a body, behind another text", { bodyType: "base64", body: "A{{secrets.BOUND_CODE}}AAA" }],
  ["a file", { bodyType: "multipart", body: { a: { filename: "a", contentBase64: "{{secrets.BOUND_CODE}}" } } }],
])("it goes nowhere else as the bytes that it stands for in base64, in %s", async (_where, params) => {
  const job = await call({ url: `${abroad.origin}/echo`, method: "POST", ...params });
  expect(job).toMatchObject({ error: { code: "SECRET_NOT_ALLOWED", details: { secretCode: "BOUND_CODE" } } });
  expect(await call({ url: `${home.origin}/echo`, method: "POST", ...params })).toMatchObject({ status: "COMPLETED" });
  expect(abroad.calls()).toBe(before);
});

test("a secret is no server name of TLS, which is sent in the open", async () => {
  const job = await call({ url: `https://127.0.0.1:${abroad.port}/`, tls: { servername: "x.{{secrets.FREE_NAME}}" } });
  expect(job).toMatchObject({ error: { code: "SECRET_NOT_ALLOWED", details: { secretCode: "FREE_NAME" } } });
});

test("a redirect takes it nowhere else, in its address or in a body that is sent again", async () => {
  const to = encodeURIComponent(`${abroad.origin}/echo?q=${encodeURIComponent(value)}`);
  for (const params of [
    { url: `${home.origin}/redirect?to=${to}`, headers: { "X-Token": bound } },
    { url: `${home.origin}/redirect?status=307&to=${abroad.origin}/echo`, method: "POST", body: { token: bound } },
  ]) {
    expect(await call(params)).toMatchObject({ status: "FAILED", error: { code: "SECRET_NOT_ALLOWED" } });
  }
  expect(abroad.calls()).toBe(before);
});

test("a redirect that leaves it behind is followed, and a job that has it may call others without it", async () => {
  const left = await call({ url: `${home.origin}/redirect?to=${abroad.origin}/echo`, headers: { "X-Token": bound } });
  expect(left).toMatchObject({ status: "COMPLETED" });
  expect(JSON.stringify(abroad.requests.at(-1))).not.toContain("bound/to");
  const free = await call({ url: `${abroad.origin}/echo`, headers: { "X-Token": "{{secrets.FREE}}" } });
  expect(free).toMatchObject({ status: "COMPLETED", result: { body: { headers: { "x-token": "***" } } } });
});

test.each([
  "http://{{secrets.HOST}}:PORT/echo",
  "http:\\\\{{secrets.HOST}}:PORT/echo",
  "http://127.0.0.1:{{secrets.PORT}}/echo",
  "http://x.{{secrets.HOST}}/",
])("a secret in the host is refused, whatever type of job it is: %s", async (url) => {
  const params = { play: "go", url: url.replace(":PORT", `:${abroad.port}`) };
  const { jobId } = await node.api.jobTypes.execute("parent", { params });
  expect(await node.api.jobs.get(jobId, { waitSeconds: 30 })).toMatchObject({
    status: "FAILED",
    error: { code: "SECRET_NOT_ALLOWED", message: expect.stringContaining("part of the host's name") },
  });
  expect(abroad.calls()).toBe(before);
});

test("a whole address may be a secret, and a host that happens to be a secret's value may be written out", async () => {
  expect(await call({ url: "{{secrets.WHOLE_URL}}" })).toMatchObject({ status: "COMPLETED", result: { url: "***" } });
  const written = await call({ url: `http://localhost:${abroad.port}/echo`, headers: { "X-A": "{{secrets.HOST}}" } });
  expect(written).toMatchObject({ status: "COMPLETED" });
});

/** What needs no key: health, metrics, the API's documents and the page. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "../support/database.ts";
import { openDatabaseGate } from "../support/database-gate.ts";
import { problemOf, read, sender } from "../support/http.ts";
import { hasStarted, release } from "../support/job-types.ts";
import { openTestNode, startTestNode } from "../support/nodes.ts";

let node: Awaited<ReturnType<typeof openTestNode>>;

beforeAll(async () => {
  node = await openTestNode();
});
afterAll(() => node.close());

async function get(path: string, headers: Record<string, string> = {}, from = node) {
  return read(await fetch(from.origin + path, { headers }));
}

test("a running node is alive and ready", async () => {
  expect(await get("/healthz")).toMatchObject({ status: 200, body: { status: "ok" } });
  expect(await get("/readyz")).toMatchObject({ status: 200, body: { status: "ready", checks: { database: "ok" } } });
});

test("a node that drains is alive, answers, and is not ready", async () => {
  const draining = await openTestNode();
  const { jobId } = await draining.api.jobTypes.execute("hanging", {});
  await hasStarted(jobId);
  const stopped = draining.stop(20_000);
  const ready = await read(await fetch(`${draining.origin}/readyz`));
  expect(ready).toMatchObject({
    status: 503,
    body: { status: "unavailable", checks: { node: "draining", database: "ok" } },
  });
  expect(ready.headers.get("retry-after")).toBe("1");
  expect((await fetch(`${draining.origin}/healthz`)).status).toBe(200);
  expect(await draining.api.jobs.get(jobId)).toMatchObject({ phase: "RUNNING" });
  release(jobId);
  await stopped;
  await draining.close();
});

test("while the database is gone a node is alive and not ready, answers 503, and recovers by itself", {
  timeout: 60_000,
}, async () => {
  const database = await createTestDatabase();
  const gate = await openDatabaseGate(database);
  const cutOff = await openTestNode({ flags: { "database-url": gate.url }, services: "byHand" });
  const send = sender(cutOff);
  try {
    expect((await send("GET", "/jobs")).status).toBe(200);
    await gate.cut();
    expect((await get("/healthz", {}, cutOff)).status).toBe(200);
    const ready = await get("/readyz", {}, cutOff);
    expect(ready).toMatchObject({ status: 503, body: { checks: { database: "cannot be reached" } } });
    const answers = await Promise.all([
      send("GET", "/jobs"),
      send("GET", "/job-definitions/x"),
      send("POST", "/job-types/echo/_execute", {}),
      send("POST", "/users", { user: { email: "a@example.com", role: "viewer" } }),
    ]);
    for (const answer of answers) {
      expect(problemOf(answer)).toMatchObject({ status: 503, code: "UNAVAILABLE" });
      expect(answer.headers.get("retry-after")).toBe("1");
    }
    await gate.mend();
    expect((await send("GET", "/jobs")).status).toBe(200);
    expect((await get("/readyz", {}, cutOff)).status).toBe(200);
    expect((await send("POST", "/job-types/echo/_execute", {})).status).toBe(200);
  } finally {
    await cutOff.close();
    await gate.close();
    await database.drop();
  }
});

test("metrics tell customers apart only to who has the token", async () => {
  const measured = await startTestNode({ environment: { PUNCTUAL_METRICS_TOKEN: "the-token" } });
  await measured.api.jobTypes.execute("echo", {});
  const open = await read(await fetch(`${measured.origin}/metrics`));
  expect(open.headers.get("content-type")).toContain("text/plain; version=0.0.4");
  expect(open.text).toMatch(/punctual_jobs_created_total\{job_type="echo"\} 1/);
  expect(open.text).toMatch(/punctual_http_request_duration_seconds_count\{.*_execute.*\} 1/);
  expect(open.text).not.toContain("demo");
  for (const authorization of ["Bearer the-toke", "Bearer the-token2", "the-token", `Bearer ${measured.apiKey}`]) {
    const answer = await fetch(`${measured.origin}/metrics`, { headers: { authorization } });
    expect(await answer.text()).not.toContain("demo");
  }
  const told = await fetch(`${measured.origin}/metrics`, { headers: { authorization: "Bearer the-token" } });
  expect(await told.text()).toMatch(/punctual_customer_jobs_created_total\{customer="demo",job_type="echo"\} 1/);
  expect((await get("/metrics", { authorization: "Bearer " })).text).not.toContain("demo");
});

test("the document names this node, and the reference page brings everything itself", async () => {
  const document = await get("/openapi.json");
  expect(document.body).toMatchObject({ openapi: "3.1.0", info: { title: "Punctual" } });
  const docs = await get("/docs");
  expect(docs.status).toBe(200);
  expect(docs.headers.get("content-type")).toContain("text/html");
  expect(docs.headers.get("content-security-policy")).toMatch(/default-src 'self'/);
  expect(docs.headers.get("content-security-policy")).not.toMatch(/https?:/);
  expect(docs.text).not.toMatch(/(?:src|href)=["']?(?:https?:)?\/\//);
  const [, script = ""] = /src="([^"]+)"/.exec(docs.text) ?? [];
  expect((await fetch(new URL(script, `${node.origin}/docs/`))).status).toBe(200);
});

test("the page is served under a strict policy, and nothing beside it", async () => {
  const page = await get("/");
  expect(page).toMatchObject({ status: 200, text: expect.stringContaining("<title>Punctual</title>") });
  const policy = page.headers.get("content-security-policy");
  expect(policy).toMatch(/default-src 'self'/);
  expect(policy).not.toMatch(/https?:|unsafe|\*/);
  const [, nonce = ""] = /'nonce-([A-Za-z0-9+/=]{24})'/.exec(policy ?? "") ?? [];
  expect(page.text).toContain(`nonce="${nonce}"`);
  expect((await get("/")).text).not.toContain(nonce);
  expect(page.text).not.toMatch(/(?:src|href)=["']?(?:https?:)?\/\//);
  for (const [, part] of page.text.matchAll(/(?:src|href)="([^"]+\.(?:css|js|svg))"/g)) {
    expect((await get(`/${part}`)).status, part).toBe(200);
  }
  for (const path of [
    "/package.json",
    "/..%2fpackage.json",
    "/../package.json",
    "/%2e%2e/package.json",
    "/src/main.ts",
  ]) {
    expect(problemOf(await get(path)).status, path).toBe(404);
  }
});

test("each of the page's addresses is the page, and finds the page's parts from wherever a proxy has put it", async () => {
  for (const [path, base] of [
    ["/", "./"],
    ["/jobs", "./"],
    ["/jobs/20260101-0192", "../"],
    ["/job-definitions/a/versions", "../../"],
  ] as const) {
    const page = await get(path);
    expect(page.status).toBe(200);
    expect(page.text).toContain(`<base href="${base}">`);
    expect(page.headers.get("cache-control")).toBe("no-cache");
  }
  const [, script = ""] = /src="([^"]+\.js)"/.exec((await get("/")).text) ?? [];
  const answer = await get(`/${script}`);
  expect(answer.headers.get("cache-control")).toContain("immutable");
  expect(problemOf(await get("/jobsx")).status).toBe(404);
});

test("a node without the role api serves health and metrics alone", async () => {
  const worker = await startTestNode({ with: node, flags: { roles: "worker" } });
  for (const path of ["/healthz", "/readyz", "/metrics"]) expect((await fetch(worker.origin + path)).status).toBe(200);
  for (const path of ["/", "/docs", "/openapi.json", "/vue/_api/v1/jobs"]) {
    expect(problemOf(await read(await fetch(worker.origin + path))).status).toBe(404);
  }
});

test("another prefix", async () => {
  const moved = await startTestNode({ with: node, flags: { "api-prefix": "/api" }, services: "byHand" });
  const headers = { authorization: `Bearer ${node.apiKey}`, "x-customer-code": "demo" };
  expect((await fetch(`${moved.origin}/api/jobs`, { headers })).status).toBe(200);
  expect((await fetch(`${moved.origin}/vue/_api/v1/jobs`, { headers })).status).toBe(404);
});

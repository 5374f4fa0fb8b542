/** Secrets through the API: set, listed, replaced and deleted, and never answered. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addCustomer, addPerson } from "../support/customers.ts";
import { problemOf, type Send, sender, statusAndCode } from "../support/http.ts";
import { openTestNode, startTestNode } from "../support/nodes.ts";

let node: Awaited<ReturnType<typeof openTestNode>>;
let send: Send;

beforeAll(async () => {
  node = await openTestNode();
  send = sender(node);
});
afterAll(() => node.close());

/** Runs `echo` with params, and answers what it was given, masked or not. */
async function run(params: Record<string, unknown>, as: Send = send) {
  const { body } = await as("POST", "/job-types/echo/_execute", { params });
  const jobId = typeof body === "object" && body && "jobId" in body ? String(body.jobId) : "";
  return node.api.jobs.get(jobId, { waitSeconds: 30 });
}

test("a secret is made and replaced, listed with its hosts, time and author, and never answered", async () => {
  const made = await send("PUT", "/secrets/api-key", {
    value: "s3cret-one",
    hosts: ["API.example.com", "*.example.org:8443"],
  });
  expect(made.status).toBe(201);
  expect(made.body).toEqual({
    secret: {
      secretCode: "api-key",
      hosts: ["api.example.com", "*.example.org:8443"],
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: expect.stringMatching(/Z$/),
      updatedBy: "admin@example.com",
    },
  });
  const editor = await addPerson(node, "editor");
  const replaced = await sender(editor)("PUT", "/secrets/api-key", { value: "s3cret-two", hosts: null });
  expect(replaced.status).toBe(200);
  expect(replaced.body).toMatchObject({ secret: { hosts: null, updatedBy: "editor@demo.example" } });
  const answers = [made, replaced, await send("GET", "/secrets/api-key"), await send("GET", "/secrets")];
  answers.push(await send("GET", "/audit-events"));
  for (const { text } of answers) {
    expect(text).toContain("api-key");
    expect(text).not.toMatch(/s3cret|"value"|cipher|nonce/);
  }
  expect(answers.at(-1)?.body).toMatchObject({
    auditEvents: expect.arrayContaining([
      expect.objectContaining({ action: "secret.create", subject: "api-key", actor: "admin@example.com" }),
      expect.objectContaining({ action: "secret.update", subject: "api-key", actor: "editor@demo.example" }),
    ]),
  });
});

test("what a GET answered is taken back with a value beside it", async () => {
  await node.api.secrets.put("again", { value: "first value" });
  const { secret } = await node.api.secrets.get("again");
  expect((await send("PUT", "/secrets/again", { ...secret, value: "second value" })).status).toBe(200);
});

test("a new value without a word about hosts leaves the secret bound", async () => {
  await node.api.secrets.put("bound", { value: "first value", hosts: ["api.example.com"] });
  expect((await node.api.secrets.put("bound", { value: "second value" })).secret.hosts).toEqual(["api.example.com"]);
  expect((await node.api.secrets.put("bound", { value: "third value", hosts: null })).secret.hosts).toBeNull();
});

test("a list goes on where its page ends", async () => {
  const codes = Array.from({ length: 5 }, (_, index) => `page-${index}`);
  for (const code of codes) await node.api.secrets.put(code, { value: code });
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof node.api.secrets.list>> = await node.api.secrets.list({
      limit: 2,
      ...(cursor !== null && { cursor }),
    });
    seen.push(...page.secrets.map((one) => one.secretCode));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(seen.filter((code) => code.startsWith("page-"))).toEqual(codes);
  expect(seen).toEqual([...seen].sort());
});

test("a deleted secret is gone for the next job, and its code is free", async () => {
  await node.api.secrets.put("gone", { value: "for a while" });
  await node.api.secrets.delete("gone");
  expect(statusAndCode(await send("DELETE", "/secrets/gone"))).toBe("404 NOT_FOUND");
  expect(await run({ a: "{{secrets.gone}}" })).toMatchObject({
    status: "FAILED",
    error: {
      code: "SECRET_NOT_FOUND",
      message: "There is no secret gone.",
      retryable: false,
      details: { secretCode: "gone" },
    },
  });
  expect((await send("PUT", "/secrets/gone", { value: "again" })).status).toBe(201);
});

test("two writers at once make one secret, and both are answered", async () => {
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) => send("PUT", "/secrets/raced", { value: `value ${index}` })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array(11).fill(200), 201]);
  const [rows] = await node.database.sql`select count(*)::integer as count from secret where secret_code = 'raced'`;
  expect(rows).toEqual({ count: 1 });
  expect(await run({ a: "{{secrets.raced}}" })).toMatchObject({ status: "COMPLETED", result: { a: "***" } });
});

describe("what is refused", () => {
  const long = "a".repeat(200);
  test.each<[string, unknown, string, RegExp]>([
    ["no value", {}, "/value", /is missing/],
    ["an empty value", { value: "" }, "/value", /must not be empty/],
    ["a number", { value: 5 }, "/value", /must be text/],
    ["too long a value", { value: "é".repeat(32_769) }, "/value", /at most 65536 bytes/],
    ["too long a value, of letters", { value: "a".repeat(65_537) }, "/value", /at most 65536 characters/],
    ["an unknown field", { value: "a", host: "x" }, "/host", /not known/],
    ["hosts that are no list", { value: "a", hosts: "x" }, "/hosts", /list/],
    ["no hosts at all", { value: "a", hosts: [] }, "/hosts", /not be empty/],
    ["U+0000", { value: "a\\u0000" }, "/value", /U\+0000/],
    ...[
      "https://api.example.com",
      "a b",
      "*",
      "*.",
      "a.*.b",
      "user@x",
      "x/y",
      "x:0",
      "x:65536",
      "::1",
      "*.10.0.0.1",
      long,
    ].map((host): [string, unknown, string, RegExp] => [
      `the host ${host.slice(0, 30)}`,
      { value: "a", hosts: ["ok.example", host] },
      "/hosts/1",
      /must/,
    ]),
  ])("%s", async (_what, body, path, message) => {
    const text = JSON.stringify(body).replaceAll("\\\\u", "\\u");
    const problem = problemOf(await send("PUT", "/secrets/refused", text));
    expect(problem).toMatchObject({ status: 400, code: "VALIDATION_FAILED" });
    expect(problem.errors).toContainEqual({ path, message: expect.stringMatching(message) });
    expect(statusAndCode(await send("GET", "/secrets/refused"))).toBe("404 NOT_FOUND");
  });

  test.each([".x", "a b", "a/b", "é", "a".repeat(129), "..", "x;drop table secret", "%00", "{{secrets.x}}"])(
    "the code %j",
    async (code) => {
      const answer = await send("PUT", `/secrets/${encodeURIComponent(code)}`, { value: "a" });
      expect([400, 404]).toContain(problemOf(answer).status);
    },
  );

  test.each(["a", "A.b_c-d", "0", "a".repeat(128), "__proto__x", "constructor"])(
    "but not the code %j",
    async (code) => {
      const status = /^[A-Za-z0-9]/.test(code) ? 201 : 400;
      expect((await send("PUT", `/secrets/${code}`, { value: `the value of it` })).status).toBe(status);
      if (status === 201) expect(await run({ x: `{{secrets.${code}}}` })).toMatchObject({ result: { x: "***" } });
    },
  );
});

test("any text of 64 KiB comes back to the job as it was set", async () => {
  const value = `${'𝕊é\n"\\{{secrets.other}}{{job.id}}'.repeat(2_000)}`.slice(0, 40_000).toWellFormed();
  await node.api.secrets.put("large", { value });
  const job = await run({ a: "{{secrets.large}}", b: "x{{secrets.large}}x", c: "{{secrets.large}}{{secrets.large}}" });
  expect(job).toMatchObject({ status: "COMPLETED", result: { a: "***", b: "x***x", c: "***" } });
});

describe("roles", () => {
  test("an editor sets and deletes; operators and viewers only see what there is", async () => {
    await node.api.secrets.put("of-roles", { value: "a value" });
    for (const role of ["viewer", "operator"] as const) {
      const as = sender(await addPerson(node, role, `${role}@secrets.example`));
      expect((await as("GET", "/secrets/of-roles")).status).toBe(200);
      expect(statusAndCode(await as("PUT", "/secrets/of-roles", { value: "b" }))).toBe("403 FORBIDDEN");
      expect(statusAndCode(await as("DELETE", "/secrets/of-roles"))).toBe("403 FORBIDDEN");
    }
  });

  test("an operator may run what refers to a secret, and may not choose params that do", async () => {
    await node.api.secrets.put("of-params", { value: "a value" });
    const params = { a: "{{secrets.of-params}}", b: "x" };
    await node.api.jobDefinitions.create({
      jobDefinition: { jobDefinitionCode: "with-secret", jobType: "echo", params },
    });
    const operator = sender(await addPerson(node, "operator", "operator@params.example"));
    const ran = await operator("POST", "/job-definitions/with-secret/_execute", {});
    expect(ran.status).toBe(200);
    const refused = await Promise.all([
      operator("POST", "/job-definitions/with-secret/_execute", { params: { b: "y" } }),
      operator("POST", "/job-definitions/with-secret/_execute", { params: {} }),
      operator("POST", "/job-types/echo/_execute", { params }),
      operator("POST", "/job-types/echo/_execute", { params: { deep: [{ a: "x {{ secrets.of-params }}" }] } }),
    ]);
    for (const answer of refused) expect(problemOf(answer).detail).toMatch(/secret of-params needs the role editor/);
    const first = await run(params);
    expect((await operator("POST", `/jobs/${first.jobId}/_rerun`, {})).status).toBe(200);
    expect(statusAndCode(await operator("POST", `/jobs/${first.jobId}/_rerun`, { params: { b: "y" } }))).toBe(
      "403 FORBIDDEN",
    );
    expect((await operator("POST", "/job-definitions/with-secret/_execute", { params: { a: "none" } })).status).toBe(
      200,
    );
  });
});

test("another customer's secret of the same code is another secret", async () => {
  await node.api.secrets.put("shared", { value: "of demo alone" });
  const other = sender(await addCustomer(node, "other"));
  expect(statusAndCode(await other("GET", "/secrets/shared"))).toBe("404 NOT_FOUND");
  expect((await other("GET", "/secrets")).body).toEqual({ secrets: [], nextCursor: null });
  const { body } = await other("POST", "/job-types/echo/_execute", { params: { a: "{{secrets.shared}}" } });
  const jobId = typeof body === "object" && body && "jobId" in body ? String(body.jobId) : "";
  const failed = await other("GET", `/jobs/${jobId}?waitSeconds=30`);
  expect(failed.body).toMatchObject({ status: "FAILED", error: { code: "SECRET_NOT_FOUND" } });
});

test("params keep their references wherever they are read, and a rerun uses the value of its time", async () => {
  await node.api.secrets.put("changing", { value: "12345678" });
  const first = await run({ a: "{{secrets.changing}}", length: "{{secrets.changing}}!" });
  expect(first.params).toEqual({ a: "{{secrets.changing}}", length: "{{secrets.changing}}!" });
  const { jobId } = await node.api.jobs.rerun(first.jobId);
  const again = await node.api.jobs.get(jobId, { waitSeconds: 30 });
  expect(again.params).toEqual(first.params);
  expect(again.result).toEqual({ a: "***", length: "***!" });
});

test("a change holds from the next run on, on every node", async () => {
  const second = await startTestNode({ with: node, flags: { roles: "api" } });
  await node.api.secrets.put("fresh", { value: "the-old-value" });
  expect(await run({ a: "{{secrets.fresh}}", echo: "the-old-value the-new-value" })).toMatchObject({
    result: { a: "***", echo: "*** the-new-value" },
  });
  await second.api.secrets.put("fresh", { value: "the-new-value" });
  expect(await run({ a: "{{secrets.fresh}}", echo: "the-old-value the-new-value" })).toMatchObject({
    result: { a: "***", echo: "the-old-value ***" },
  });
});

test("a value that looks like a placeholder stays as it is", async () => {
  await node.api.secrets.put("inner", { value: "never-to-be-put-in" });
  await node.api.secrets.put("outer", { value: "{{secrets.inner}}" });
  const job = await run({
    a: "{{secrets.outer}}",
    b: "{{ secrets.{{date}} }}",
    compare: "{{unknown}} {{Date}}",
  });
  expect(job).toMatchObject({ status: "COMPLETED", result: { a: "***", compare: "{{unknown}} {{Date}}" } });
  expect(job.result).toMatchObject({ b: expect.stringMatching(/^\{\{ secrets\.\d{8} \}\}$/) });
});

test("a job uses a hundred secrets at most, and its params grow within bounds", async () => {
  const many = Array.from({ length: 101 }, (_, index) => `{{secrets.n${index}}}`);
  expect(await run({ many })).toMatchObject({
    status: "FAILED",
    error: { code: "INVALID_PARAMS", message: expect.stringContaining("100") },
  });
  await node.api.secrets.put("swelling", { value: "x".repeat(65_536) });
  const swollen = Array.from({ length: 100 }, () => "{{secrets.swelling}}");
  expect(await run({ swollen })).toMatchObject({ status: "FAILED", error: { code: "INVALID_PARAMS" } });
});

test("a node without a key refuses to take secrets, and says what to set", async () => {
  const without = await startTestNode({ environment: { PUNCTUAL_SECRET_KEY: "" } });
  const problem = problemOf(await sender(without)("PUT", "/secrets/x", { value: "a value" }));
  expect(problem).toMatchObject({
    status: 503,
    code: "UNAVAILABLE",
    detail: expect.stringContaining("PUNCTUAL_SECRET_KEY"),
  });
  expect((await without.api.secrets.list()).secrets).toEqual([]);
});

test("a string with a placeholder is checked for type and length when a job is made, and wholly when it is used", async () => {
  await node.api.secrets.put("METHOD", { value: "NOT-A-METHOD" });
  const url = "http://127.0.0.1:1/";
  const make = (params: object) => send("POST", "/job-types/callWebserviceEndpoint/_execute", { params });
  for (const [params, path] of [
    [{ url: `{{secrets.METHOD}}${"x".repeat(8_200)}` }, "/params/url"],
    [{ url, followRedirects: "{{secrets.METHOD}}" }, "/params/followRedirects"],
    [{ url, method: "NOT-A-METHOD" }, "/params/method"],
  ] as const) {
    expect(problemOf(await make(params)).errors).toContainEqual({ path, message: expect.any(String) });
  }
  const { body } = await make({ url, method: "{{secrets.METHOD}}" });
  const jobId = typeof body === "object" && body && "jobId" in body ? String(body.jobId) : "";
  const job = await node.api.jobs.get(jobId, { waitSeconds: 30 });
  expect(job).toMatchObject({
    status: "FAILED",
    error: { code: "INVALID_PARAMS", message: expect.stringContaining("/method") },
  });
  expect(JSON.stringify(job)).not.toContain("NOT-A-METHOD");
});

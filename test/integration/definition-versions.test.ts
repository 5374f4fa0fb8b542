/** ETags, If-Match and writers at once; and the list of definitions. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Send, sender, statusAndCode } from "../support/http.ts";
import { openTestNode } from "../support/nodes.ts";

let node: Awaited<ReturnType<typeof openTestNode>>;
let send: Send;

beforeAll(async () => {
  node = await openTestNode({ services: "byHand" });
  send = sender(node);
});
afterAll(() => node.close());

const definition = (jobDefinitionCode: string) => ({ jobDefinition: { jobDefinitionCode, jobType: "echo" } });
const rename = (name: string) => ({ jobDefinition: { name } });

test("the ETag is the version, and comes with GET, POST, PUT and PATCH", async () => {
  const path = "/job-definitions/etag";
  expect((await send("POST", "/job-definitions", definition("etag"))).headers.get("etag")).toBe('"1"');
  expect((await send("GET", path)).headers.get("etag")).toBe('"1"');
  expect((await send("PATCH", path, rename("x"))).headers.get("etag")).toBe('"2"');
  expect((await send("PUT", path, definition("etag"))).headers.get("etag")).toBe('"3"');
  expect((await send("HEAD", path)).headers.get("etag")).toBe('"3"');
  await node.api.jobDefinitions.execute("etag");
  expect((await send("GET", path)).headers.get("etag")).toBe('"3"');
});

test.each([
  ['"1"', 200],
  ['"7", "1"', 200],
  ["*", 200],
  ['"2"', 412],
  ['W/"1"', 412],
  ['"01"', 412],
  ['""', 412],
  ['"1,1"', 412],
])("If-Match: %s of version 1 is answered %i by PATCH, PUT and DELETE", async (ifMatch, status) => {
  for (const [method, body] of [
    ["PATCH", rename("x")],
    ["PUT", definition("matched")],
    ["DELETE", undefined],
  ] as const) {
    await send("DELETE", "/job-definitions/matched");
    await send("POST", "/job-definitions", definition("matched"));
    const answer = await send(method, "/job-definitions/matched", body, { "if-match": ifMatch });
    expect(answer.status, method).toBe(method === "DELETE" && status === 200 ? 204 : status);
    if (status === 412) {
      expect(statusAndCode(answer)).toBe("412 PRECONDITION_FAILED");
      expect((await send("GET", "/job-definitions/matched")).headers.get("etag")).toBe('"1"');
    }
  }
});

test("If-Match of a definition that is not there", async () => {
  for (const ifMatch of ['"1"', "*"]) {
    const put = await send("PUT", "/job-definitions/nowhere", definition("nowhere"), { "if-match": ifMatch });
    expect(statusAndCode(put)).toBe("412 PRECONDITION_FAILED");
    const changed = await send("PATCH", "/job-definitions/nowhere", rename("x"), { "if-match": ifMatch });
    expect(statusAndCode(changed)).toBe("404 NOT_FOUND");
  }
});

test("DELETE answers nothing, once", async () => {
  await send("POST", "/job-definitions", definition("gone"));
  expect(await send("DELETE", "/job-definitions/gone")).toMatchObject({ status: 204, text: "" });
  for (const [method, path] of [
    ["DELETE", ""],
    ["GET", ""],
    ["POST", "/_execute"],
  ] as const) {
    expect(statusAndCode(await send(method, `/job-definitions/gone${path}`))).toBe("404 NOT_FOUND");
  }
});

test("of many that change the same version at once exactly one wins; without a condition all do, one by one", async () => {
  await send("POST", "/job-definitions", definition("raced"));
  const names = Array.from({ length: 10 }, (_, index) => `writer ${index}`);
  const conditional = await Promise.all(
    names.map((name) => send("PATCH", "/job-definitions/raced", rename(name), { "if-match": '"1"' })),
  );
  expect(conditional.map((answer) => answer.status).sort()).toEqual([200, ...Array(9).fill(412)]);
  const free = await Promise.all(names.map((name) => send("PATCH", "/job-definitions/raced", rename(name))));
  const tags = free.map((answer) => Number(answer.headers.get("etag")?.slice(1, -1)));
  expect(tags.sort((a, b) => a - b)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test("of many that PUT the same new code at once one makes it and the others replace it", async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => send("PUT", "/job-definitions/put-race", definition("put-race"))),
  );
  expect(answers.map((answer) => answer.status).sort()).toEqual([...Array(9).fill(200), 201]);
  expect((await send("GET", "/job-definitions/put-race")).headers.get("etag")).toBe('"10"');
  const posts = await Promise.all(
    Array.from({ length: 10 }, () => send("POST", "/job-definitions", definition("post-race"))),
  );
  expect(posts.map((answer) => answer.status).sort()).toEqual([201, ...Array(9).fill(409)]);
});

test("the list is in the order of codes, whole without limit and cursor, and in pages with them", async () => {
  const listed = await openTestNode({ services: "byHand" });
  try {
    const codes = Array.from(
      { length: 250 },
      (_, index) => `${index % 2 ? "b" : "B"}-${String(index).padStart(3, "0")}`,
    );
    await Promise.all(codes.map((code) => listed.api.jobDefinitions.create(definition(code))));
    const sorted = codes.sort((a, b) => (a < b ? -1 : 1));

    const whole = await listed.api.jobDefinitions.list();
    expect(whole.jobDefinitions.map((one) => one.jobDefinitionCode)).toEqual(sorted);
    expect(whole.nextCursor).toBeNull();

    const pages: string[][] = [];
    let cursor: string | null | undefined;
    do {
      const page = await listed.api.jobDefinitions.list(cursor ? { limit: 100, cursor } : { limit: 100 });
      pages.push(page.jobDefinitions.map((one) => one.jobDefinitionCode));
      cursor = page.nextCursor;
    } while (cursor);
    expect(pages.map((page) => page.length)).toEqual([100, 100, 50]);
    expect(pages.flat()).toEqual(sorted);

    const { nextCursor } = await listed.api.jobDefinitions.list({ limit: 125 });
    if (nextCursor === null) throw new Error("the list should go on");
    expect((await listed.api.jobDefinitions.list({ cursor: nextCursor })).jobDefinitions).toHaveLength(50);
    const last = await listed.api.jobDefinitions.list({ cursor: nextCursor, limit: 125 });
    expect(last.jobDefinitions).toHaveLength(125);
    expect(last.nextCursor).toBeNull();
  } finally {
    await listed.close();
  }
});

test("without limit and cursor at most 1,000 are answered, and the list goes on", async () => {
  const { sql } = node.database;
  await sql`
    insert into job_definition (definition_id, customer_code, job_definition_code, job_type, name, description, params, options)
    select gen_random_uuid(), 'demo', 'zz-' || to_char(n, 'FM0000'), 'echo', 'n', '', '{}', '{}' from generate_series(1, 1001) n`;
  const whole = await node.api.jobDefinitions.list();
  expect(whole.jobDefinitions).toHaveLength(1000);
  expect(whole.nextCursor).not.toBeNull();
});

test("job types are paged alike", async () => {
  const whole = await node.api.jobTypes.list();
  const first = await node.api.jobTypes.list({ limit: 3 });
  if (first.nextCursor === null) throw new Error("the list should go on");
  const rest = await node.api.jobTypes.list({ cursor: first.nextCursor });
  expect(first.jobTypes).toHaveLength(3);
  expect([...first.jobTypes, ...rest.jobTypes]).toEqual(whole.jobTypes);
  expect(rest.nextCursor).toBeNull();
});

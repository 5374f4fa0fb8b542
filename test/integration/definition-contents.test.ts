/** What a definition said before: kept save by save, read back, gone back to, bounded, and nobody else's. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { addCustomer, addPerson } from "../support/customers.ts";
import { type Send, sender, statusAndCode } from "../support/http.ts";
import { openTestNode, startTestNode } from "../support/nodes.ts";
import { everyRow, leakyValue, shows } from "../support/secret-leaks.ts";

let node: Awaited<ReturnType<typeof openTestNode>>;
let send: Send;

beforeAll(async () => {
  node = await openTestNode({ services: "byHand" });
  send = sender(node);
});
afterAll(() => node.close());

const make = (jobDefinitionCode: string, rest: object = {}) =>
  node.api.jobDefinitions.create({ jobDefinition: { jobDefinitionCode, jobType: "echo", ...rest } });
const versionsOf = async (code: string) =>
  (await node.api.jobDefinitions.versions(code)).versions.map(({ version }) => version);

test("each save that changes something is kept, with who made it and when, the newest first", async () => {
  await make("kept", { params: { a: 1 }, options: { priority: 3 }, schedule: { cron: "0 6 * * *" } });
  const editor = await addPerson(node, "editor");
  const change = { jobDefinition: { params: { a: 2 }, schedule: null } };
  expect((await sender(editor)("PATCH", "/job-definitions/kept", change)).status).toBe(200);
  await send("PUT", "/job-definitions/kept", {
    jobDefinition: { jobDefinitionCode: "kept", jobType: "echo", name: "Another name", description: "Of a PUT." },
  });

  const { versions, nextCursor } = await node.api.jobDefinitions.versions("kept");
  expect(nextCursor).toBeNull();
  expect(versions).toEqual([
    { version: 3, savedAt: expect.stringMatching(/Z$/), savedBy: "admin@example.com" },
    { version: 2, savedAt: expect.stringMatching(/Z$/), savedBy: "editor@demo.example" },
    { version: 1, savedAt: expect.stringMatching(/Z$/), savedBy: "admin@example.com" },
  ]);
  const first = await node.api.jobDefinitions.version("kept", 1);
  expect(first.version).toEqual({
    ...versions[2],
    jobDefinition: {
      jobDefinitionCode: "kept",
      jobType: "echo",
      name: "kept",
      description: "",
      schedule: { cron: "0 6 * * *" },
      params: { a: 1 },
      options: { priority: 3 },
    },
  });
  const second = await node.api.jobDefinitions.version("kept", 2);
  expect(second.version.jobDefinition).toMatchObject({ params: { a: 2 }, schedule: null, options: { priority: 3 } });
  const third = await node.api.jobDefinitions.version("kept", 3);
  expect(third.version.jobDefinition).toMatchObject({ name: "Another name", params: {}, options: {} });
});

test("a save that says the same, a pause and a resumption make a version, and no content of their own", async () => {
  const same = { jobDefinition: { jobDefinitionCode: "same", jobType: "echo", params: { b: 1, a: [2] } } };
  await node.api.jobDefinitions.create(same);
  await send("PUT", "/job-definitions/same", {
    jobDefinition: { ...same.jobDefinition, params: { a: [2], b: 1 } },
  });
  await node.api.jobDefinitions.pause("same", { reason: "looks odd" });
  await node.api.jobDefinitions.resume("same");
  await node.api.jobDefinitions.change("same", { jobDefinition: { params: { b: 2 } } });
  expect((await node.api.jobDefinitions.get("same")).jobDefinition.version).toBe(5);
  expect(await versionsOf("same")).toEqual([5, 1]);

  const paused = await node.api.jobDefinitions.version("same", 4);
  expect(paused.version).toMatchObject({ version: 1, jobDefinition: { params: { b: 1, a: [2] } } });
});

test("a PUT of a former content goes back to it, under its own If-Match", async () => {
  await make("back", { params: { a: 1 }, options: { retry: { maxAttempts: 4 }, emailList: ["a@example.com"] } });
  await node.api.jobDefinitions.change("back", { jobDefinition: { params: { a: 2 }, options: { retry: null } } });
  const { version: former } = await node.api.jobDefinitions.version("back", 1);
  const body = { jobDefinition: former.jobDefinition };
  expect(statusAndCode(await send("PUT", "/job-definitions/back", body, { "if-match": '"1"' }))).toBe(
    "412 PRECONDITION_FAILED",
  );
  const restored = await send("PUT", "/job-definitions/back", body, { "if-match": '"2"' });
  expect(restored.headers.get("etag")).toBe('"3"');
  expect(restored.body).toMatchObject({ jobDefinition: { params: { a: 1 }, options: { retry: { maxAttempts: 4 } } } });
  const third = await node.api.jobDefinitions.version("back", 3);
  expect(third.version).toMatchObject({ version: 3, jobDefinition: former.jobDefinition });
});

test("of a refused save nothing is kept", async () => {
  await make("refused");
  const wrong = { jobDefinition: { jobType: "nobody knows it", params: {} } };
  expect(statusAndCode(await send("PATCH", "/job-definitions/refused", wrong))).toBe("400 VALIDATION_FAILED");
  const stale = await send(
    "PATCH",
    "/job-definitions/refused",
    { jobDefinition: { name: "x" } },
    { "if-match": '"9"' },
  );
  expect(statusAndCode(stale)).toBe("412 PRECONDITION_FAILED");
  expect(await versionsOf("refused")).toEqual([1]);
});

test("of writers at once each save is kept", async () => {
  await make("raced");
  await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      node.api.jobDefinitions.change("raced", { jobDefinition: { params: { writer: index } } }),
    ),
  );
  expect(await versionsOf("raced")).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  const now = (await node.api.jobDefinitions.get("raced")).jobDefinition;
  const newest = (await node.api.jobDefinitions.version("raced", 11)).version;
  expect(newest.jobDefinition.params).toEqual(now.params);
});

test("the list is read in pages", async () => {
  await make("paged");
  for (const name of ["b", "c"]) await node.api.jobDefinitions.change("paged", { jobDefinition: { name } });
  const first = await node.api.jobDefinitions.versions("paged", { limit: 2 });
  expect(first.versions.map(({ version }) => version)).toEqual([3, 2]);
  if (first.nextCursor === null) throw new Error("the list should go on");
  const rest = await node.api.jobDefinitions.versions("paged", { limit: 2, cursor: first.nextCursor });
  expect(rest.versions.map(({ version }) => version)).toEqual([1]);
  expect(rest.nextCursor).toBeNull();
  expect(statusAndCode(await send("GET", "/job-definitions/paged/versions?cursor=bm8"))).toBe("400 VALIDATION_FAILED");
});

test("a hundred are kept, of large ones as many as fit, and always the one that holds", async () => {
  await make("bounded");
  await node.database.sql`
    insert into definition_content (definition_id, version, content)
    select definition_id, n, json_build_object('name', n) from job_definition cross join generate_series(2, 140) n
     where job_definition_code = 'bounded'`;
  await node.database.sql`update job_definition set version = 140 where job_definition_code = 'bounded'`;
  await node.api.jobDefinitions.change("bounded", { jobDefinition: { name: "newest" } });
  const { versions } = await node.api.jobDefinitions.versions("bounded", { limit: 200 });
  expect(versions).toHaveLength(100);
  expect([versions[0]?.version, versions.at(-1)?.version]).toEqual([141, 42]);
  const gone = await send("GET", "/job-definitions/bounded/versions/41");
  expect(statusAndCode(gone)).toBe("404 NOT_FOUND");
  expect(gone.text).toContain("no longer kept");

  // Random, so that it takes its whole length also where it is stored.
  const noise = () => Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))).toString("base64");
  await make("large");
  for (let round = 0; round < 8; round += 1) {
    const parts = Array.from({ length: 12 }, noise);
    await node.api.jobDefinitions.change("large", { jobDefinition: { params: { parts } } });
  }
  const kept = await versionsOf("large");
  expect(kept[0]).toBe(9);
  expect(kept.length).toBeLessThan(7);
  const [row] = await node.database.sql<{ bytes: number }[]>`
    select sum(pg_column_size(content))::integer as bytes from definition_content c join job_definition using (definition_id)
     where job_definition_code = 'large'`;
  expect(row?.bytes).toBeLessThanOrEqual(4 * 1024 * 1024);
});

test("they go with the definition, and a successor under the code inherits none", async () => {
  await make("gone", { name: "the first" });
  await node.api.jobDefinitions.change("gone", { jobDefinition: { name: "the first, changed" } });
  await node.api.jobDefinitions.delete("gone");
  expect(statusAndCode(await send("GET", "/job-definitions/gone/versions"))).toBe("404 NOT_FOUND");
  expect(statusAndCode(await send("GET", "/job-definitions/gone/versions/1"))).toBe("404 NOT_FOUND");
  const [row] = await node.database.sql<{ count: number }[]>`
    select count(*)::integer as count from definition_content where content ->> 'name' like 'the first%'`;
  expect(row?.count).toBe(0);
  await make("gone", { name: "the second" });
  expect(await versionsOf("gone")).toEqual([1]);
  const { version } = await node.api.jobDefinitions.version("gone", 1);
  expect(version.jobDefinition.name).toBe("the second");
});

test("another customer finds nothing, also under the same code", async () => {
  await make("mine", { name: "what nobody else may read" });
  const other = await addCustomer(node, "other");
  const asOther = sender(other);
  for (const path of ["/job-definitions/mine/versions", "/job-definitions/mine/versions/1"]) {
    expect(statusAndCode(await asOther("GET", path))).toBe("404 NOT_FOUND");
  }
  await asOther("POST", "/job-definitions", { jobDefinition: { jobDefinitionCode: "mine", jobType: "echo" } });
  const own = await asOther("GET", "/job-definitions/mine/versions/1");
  expect(own.body).toMatchObject({ version: { jobDefinition: { name: "mine" } } });
});

test.each(["0", "-1", "1.5", "01", "9999999999", "two", "1%00"])("version %s is none", async (version) => {
  await node.api.jobDefinitions.put("numbered", { jobDefinition: { jobDefinitionCode: "numbered", jobType: "echo" } });
  expect((await send("GET", `/job-definitions/numbered/versions/${version}`)).status).toBe(400);
});

test("a version that has not been made yet is not there", async () => {
  await make("young");
  const ahead = await send("GET", "/job-definitions/young/versions/2");
  expect(statusAndCode(ahead)).toBe("404 NOT_FOUND");
  expect(ahead.text).toContain("it is at version 1");
});

test("a content holds the reference to a secret, never its value", async () => {
  const safe = await startTestNode();
  await safe.api.secrets.put("token", { value: leakyValue });
  const params = { token: "{{secrets.token}}" };
  await safe.api.jobDefinitions.create({ jobDefinition: { jobDefinitionCode: "sealed", jobType: "echo", params } });
  const { jobId } = await safe.api.jobDefinitions.execute("sealed");
  expect((await safe.api.jobs.get(jobId, { waitSeconds: 30 })).status).toBe("COMPLETED");
  await safe.api.jobDefinitions.change("sealed", { jobDefinition: { name: "sealed again" } });
  const { version } = await safe.api.jobDefinitions.version("sealed", 1);
  expect(version.jobDefinition.params).toEqual(params);
  const kept = (await everyRow(safe.database)).filter((row) => row.startsWith("definition_content "));
  expect(kept).toHaveLength(2);
  expect(kept.filter(shows)).toEqual([]);
});

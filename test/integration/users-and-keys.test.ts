/** People and their keys: shown once, hashed at rest, and gone at once. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { fakeClock } from "../support/clock.ts";
import { addPerson } from "../support/customers.ts";
import { problemOf, sender, statusAndCode } from "../support/http.ts";
import { startTestNode } from "../support/nodes.ts";

const hour = 3_600_000;

function start() {
  return startTestNode({ services: "byHand" });
}

test("a key is shown once, works, and is stored as a hash of its secret alone", async () => {
  const node = await start();
  const { apiKey } = await node.api.apiKeys.create({ apiKey: { name: "ci", role: "operator" } });
  expect(apiKey).toMatchObject({
    name: "ci",
    role: "operator",
    userEmail: "admin@example.com",
    expiresAt: null,
    lastUsedAt: null,
  });
  expect(apiKey.key).toMatch(/^pnc_[0-9a-z]{16}_[0-9A-Za-z_-]{43}$/);
  expect((await sender({ ...node, apiKey: apiKey.key })("GET", "/jobs")).status).toBe(200);

  const secret = apiKey.key.slice(21);
  const list = await sender(node)("GET", "/api-keys");
  expect(list.text).toContain(apiKey.apiKeyId);
  for (const hidden of [secret, '"key"', "ecretHash"]) expect(list.text).not.toContain(hidden);
  const [row] = await node.database
    .sql`select *, api_key::text as whole from api_key where api_key_id = ${apiKey.apiKeyId}`;
  expect(row?.secret_hash).toEqual(createHash("sha256").update(secret).digest());
  expect(String(row?.whole)).not.toContain(secret);
  const events = await sender(node)("GET", "/audit-events");
  expect(events.text).not.toContain(secret);
});

test("what a list of keys answered is taken back when another is made", async () => {
  const node = await start();
  const [listed] = (await node.api.apiKeys.list()).apiKeys;
  const { apiKey } = await node.api.apiKeys.create({ apiKey: { name: "again", role: "viewer", ...listed } });
  expect(apiKey.apiKeyId).not.toBe(listed?.apiKeyId);
});

test("a key works until the moment at which it expires", async () => {
  const node = await start();
  const clock = fakeClock(node.database);
  const now = new Date();
  await clock.set(now);
  const expiresAt = new Date(now.getTime() + hour).toISOString();
  const make = () => node.api.apiKeys.create({ apiKey: { name: "short", role: "viewer", expiresAt } });
  const [{ apiKey: before }, { apiKey: after }] = [await make(), await make()];
  expect(before.expiresAt).toBe(expiresAt);
  await clock.advance(hour - 60_000);
  expect((await sender({ ...node, apiKey: before.key })("GET", "/jobs")).status).toBe(200);
  await clock.advance(60_000);
  const answer = problemOf(await sender({ ...node, apiKey: after.key })("GET", "/jobs"));
  expect(answer).toMatchObject({ status: 401, detail: expect.stringContaining("expired") });
});

test("the last use of a key is written, and only of those that were used", async () => {
  const node = await start();
  const viewer = await addPerson(node, "viewer");
  const editor = await addPerson(node, "editor");
  const clock = fakeClock(node.database);
  await clock.set("2026-11-24T10:00:00Z");
  await viewer.api.jobs.list();
  await node.run("write-key-use");
  const used = new Map((await node.api.apiKeys.list()).apiKeys.map((one) => [one.apiKeyId, one.lastUsedAt]));
  expect(used.get(viewer.apiKeyId)).toBe("2026-11-24T10:00:00.000Z");
  expect(used.get(editor.apiKeyId)).toBeNull();
  await clock.set("2026-11-24T11:00:00Z");
  await node.run("write-key-use");
  const later = new Map((await node.api.apiKeys.list()).apiKeys.map((one) => [one.apiKeyId, one.lastUsedAt]));
  expect(later.get(viewer.apiKeyId)).toBe("2026-11-24T10:00:00.000Z");
});

test("a key never does more than its person may, and is not made for more", async () => {
  const node = await start();
  const viewer = await addPerson(node, "viewer");
  const tooMuch = { apiKey: { name: "k", role: "editor", userEmail: "viewer@demo.example" } };
  expect(problemOf(await sender(node)("POST", "/api-keys", tooMuch))).toMatchObject({
    status: 400,
    errors: [{ path: "/apiKey/role", message: expect.stringContaining("viewer") }],
  });
  await node.api.users.change(viewer.userId, { user: { role: "editor" } });
  expect(statusAndCode(await sender(viewer)("POST", "/job-types/echo/_execute", {}))).toBe("403 FORBIDDEN");
});

test("a lowered role takes effect at once, on this node and on others", async () => {
  const node = await start();
  const second = await startTestNode({ with: node, services: "byHand" });
  const editor = await addPerson(node, "editor");
  const sends = [sender(editor), sender({ ...editor, origin: second.origin })] as const;
  for (const send of sends) expect((await send("POST", "/job-types/echo/_execute", {})).status).toBe(200);
  const told = new Promise((resolve) => second.context.events.once("keysChanged", resolve));
  await node.api.users.change(editor.userId, { user: { role: "viewer" } });
  expect(statusAndCode(await sends[0]("POST", "/job-types/echo/_execute", {}))).toBe("403 FORBIDDEN");
  await told;
  expect(statusAndCode(await sends[1]("POST", "/job-types/echo/_execute", {}))).toBe("403 FORBIDDEN");
  expect((await sends[1]("GET", "/jobs")).status).toBe(200);
});

test("with a person go the person's keys", async () => {
  const node = await start();
  const editor = await addPerson(node, "editor");
  await editor.api.jobs.list();
  await node.api.users.remove(editor.userId);
  expect(statusAndCode(await sender(editor)("GET", "/jobs"))).toBe("401 UNAUTHENTICATED");
  expect((await node.api.apiKeys.list()).apiKeys.map((one) => one.apiKeyId)).not.toContain(editor.apiKeyId);
  expect(statusAndCode(await sender(node)("GET", `/users/${editor.userId}`))).toBe("404 NOT_FOUND");
});

test("the last admin can neither go nor become less", async () => {
  const node = await start();
  const [only] = (await node.api.users.list()).users;
  const path = `/users/${only?.userId}`;
  expect(statusAndCode(await sender(node)("DELETE", path))).toBe("409 CONFLICT");
  expect(statusAndCode(await sender(node)("PATCH", path, { user: { role: "editor" } }))).toBe("409 CONFLICT");
  expect((await sender(node)("PATCH", path, { user: { role: "admin", name: "Ada" } })).status).toBe(200);
  await addPerson(node, "admin");
  expect((await sender(node)("PATCH", path, { user: { role: "editor" } })).status).toBe(200);
});

test("of two admins who remove each other at once one stays", async () => {
  const node = await start();
  const [first] = (await node.api.users.list()).users;
  for (let round = 0; round < 5; round += 1) {
    const second = await addPerson(node, "admin", `admin${round}@demo.example`);
    const answers = await Promise.all([
      sender(node)("PATCH", `/users/${second.userId}`, { user: { role: "viewer" } }),
      sender(second)("PATCH", `/users/${first?.userId}`, { user: { role: "viewer" } }),
    ]);
    const [{ count } = { count: 0 }] = await node.database.sql<{ count: number }[]>`
      select count(*)::integer as count from app_user where role = 'admin'`;
    expect(count, answers.map((answer) => answer.text).join("\n")).toBe(1);
    await node.database.sql`update app_user set role = 'admin' where user_id = ${first?.userId ?? ""}`;
    node.context.events.emit("keysChanged", "demo");
  }
});

test("addresses are one, whatever their case; people are listed in pages", async () => {
  const node = await start();
  await addPerson(node, "viewer", "Ada@Demo.example");
  const twin = { user: { email: "ada@demo.example", role: "viewer" } };
  expect(statusAndCode(await sender(node)("POST", "/users", twin))).toBe("409 CONFLICT");
  const long = `${"a".repeat(60)}@${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(60)}.example`;
  const { user } = await node.api.users.create({ user: { email: long, role: "viewer" } });
  expect([user.email.length > 200, user.name.length]).toEqual([true, 200]);
  const first = await node.api.users.list({ limit: 2 });
  const rest = await node.api.users.list({ cursor: first.nextCursor ?? "" });
  expect([...first.users, ...rest.users].map((one) => one.email)).toEqual([
    "admin@example.com",
    "Ada@Demo.example",
    long,
  ]);
});

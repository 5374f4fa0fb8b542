/** People sign in to the page, do there what their key may, and are signed out; nobody else gets in by it. */
import { createHash } from "node:crypto";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { fakeClock } from "../support/clock.ts";
import { addCustomer, addPerson } from "../support/customers.ts";
import { prefix, problemOf, sender, statusAndCode } from "../support/http.ts";
import { startTestNode } from "../support/nodes.ts";
import { postSession, signedIn, signIn } from "../support/sessions.ts";

const day = 86_400_000;

function start() {
  return startTestNode({ services: "byHand" });
}

/** A node on a new database, with the link that it printed. */
async function startWithLink() {
  const lines: string[] = [];
  const log = pino({ level: "info" }, { write: (line: string) => void lines.push(line) });
  const node = await startTestNode({ services: "byHand", log });
  const [, link = ""] = /\/sign-in#(pns_[^"\s]+)/.exec(lines.join("")) ?? [];
  return { node, link };
}

test("a key opens a session whose cookie stands for key and customer on every route", async () => {
  const node = await start();
  const person = await signIn(node.origin, node.customerCode, node.apiKey);
  expect(person.setCookie).toMatch(/^punctual_session=pns_[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
  expect((await person.send("GET", "/jobs")).status).toBe(200);
  expect((await person.send("POST", "/job-types/echo/_execute", { params: {} })).status).toBe(200);
  const session = await person.send("GET", "/session");
  expect(session).toMatchObject({
    status: 200,
    body: { session: { customerCode: "demo", email: "admin@example.com", role: "admin", csrfToken: person.csrfToken } },
  });
});

test("a page that came by HTTPS, through whatever proxy, gets a cookie for HTTPS alone", async () => {
  const node = await start();
  const given = { customerCode: node.customerCode, apiKey: node.apiKey };
  const answer = await postSession(node.origin, "/session", given, "https://jobs.example.com");
  expect(signedIn(node.origin, answer).setCookie).toContain("; Secure");
});

describe("who is not let in", () => {
  test("by a key that is none, another customer's key, or a body that says neither", async () => {
    const node = await start();
    const other = await addCustomer(node, "other");
    const post = (body: object) => postSession(node.origin, "/session", body);
    const unknown = `${node.apiKey.slice(0, -1)}${node.apiKey.endsWith("A") ? "B" : "A"}`;
    expect(statusAndCode(await post({ customerCode: "demo", apiKey: unknown }))).toBe("401 UNAUTHENTICATED");
    expect(statusAndCode(await post({ customerCode: "demo", apiKey: other.apiKey }))).toBe("403 FORBIDDEN");
    expect(problemOf(await post({ customerCode: "demo" }))).toMatchObject({
      status: 400,
      errors: [{ path: "/apiKey" }],
    });
    expect(statusAndCode(await postSession(node.origin, "/session/_link", { link: "x" }))).toBe("401 UNAUTHENTICATED");
  });

  test("by a cookie that is none, whose secret is wrong, or that holds an API key", async () => {
    const node = await start();
    const person = await signIn(node.origin, node.customerCode, node.apiKey);
    const wrong = `${person.cookie.slice(0, -1)}${person.cookie.endsWith("A") ? "B" : "A"}`;
    for (const cookie of ["punctual_session=x", wrong, `punctual_session=${node.apiKey}`, "punctual_session="]) {
      expect(statusAndCode(await person.send("GET", "/jobs", undefined, { cookie })), cookie).toBe(
        "401 UNAUTHENTICATED",
      );
      expect((await person.send("GET", "/session", undefined, { cookie })).body).toEqual({ session: null });
    }
    const token = person.cookie.slice("punctual_session=".length);
    expect(statusAndCode(await sender({ ...node, apiKey: token })("GET", "/jobs"))).toBe("401 UNAUTHENTICATED");
  });

  test("a write without the CSRF token of this very session, or with a broken one", async () => {
    const node = await start();
    const [person, another] = [
      await signIn(node.origin, node.customerCode, node.apiKey),
      await signIn(node.origin, node.customerCode, node.apiKey),
    ];
    for (const token of [undefined, "", "x", another.csrfToken]) {
      const headers = { "x-csrf-token": token };
      const attempts = [
        await person.send("POST", "/job-types/echo/_execute", {}, headers),
        await person.send("DELETE", "/session", undefined, headers),
        await person.send("DELETE", "/api-keys/0000000000000000", undefined, headers),
      ];
      expect(attempts.map(statusAndCode)).toEqual(attempts.map(() => "403 FORBIDDEN"));
    }
    expect((await node.api.jobs.list()).jobs).toEqual([]);
    expect((await person.send("GET", "/session")).body).toMatchObject({ session: { customerCode: "demo" } });
  });
});

test("a session sees its own customer alone, and does no more than its key may", async () => {
  const node = await start();
  const other = await addCustomer(node, "other");
  const viewer = await addPerson(node, "viewer");
  const { jobId } = await node.api.jobTypes.execute("echo", { params: {} });
  const stranger = await signIn(node.origin, "other", other.apiKey);
  expect(statusAndCode(await stranger.send("GET", `/jobs/${jobId}`))).toBe("404 NOT_FOUND");
  const named = await stranger.send("GET", "/jobs", undefined, { "x-customer-code": "demo" });
  expect(statusAndCode(named)).toBe("403 FORBIDDEN");
  const looker = await signIn(node.origin, node.customerCode, viewer.apiKey);
  expect((await looker.send("GET", `/jobs/${jobId}`)).status).toBe(200);
  expect(statusAndCode(await looker.send("POST", `/jobs/${jobId}/_cancel`, {}))).toBe("403 FORBIDDEN");
});

describe("a session ends", () => {
  test("when its person signs out, at once and on every node", async () => {
    const node = await start();
    const second = await startTestNode({ with: node, services: "byHand" });
    const person = await signIn(node.origin, node.customerCode, node.apiKey);
    const there = { ...person, send: signedInAt(second.origin, person.cookie) };
    expect(await there.send("/jobs")).toBe(200);
    const left = await person.send("DELETE", "/session");
    expect(left.status).toBe(204);
    expect(left.headers.get("set-cookie")).toMatch(/^punctual_session=; .*Expires=Thu, 01 Jan 1970/);
    expect(statusAndCode(await person.send("GET", "/jobs"))).toBe("401 UNAUTHENTICATED");
    await expect.poll(() => there.send("/jobs")).toBe(401);
  });

  test("with its key, and with its key's person", async () => {
    const node = await start();
    const [one, two] = [await addPerson(node, "viewer", "one@demo.example"), await addPerson(node, "viewer")];
    const first = await signIn(node.origin, node.customerCode, one.apiKey);
    const second = await signIn(node.origin, node.customerCode, two.apiKey);
    await node.api.apiKeys.revoke(one.apiKeyId);
    await node.api.users.remove(two.userId);
    for (const person of [first, second]) {
      expect(statusAndCode(await person.send("GET", "/jobs"))).toBe("401 UNAUTHENTICATED");
    }
  });

  test("after seven days, and no later than its key; what has ended is cleared away", async () => {
    const node = await start();
    const clock = fakeClock(node.database);
    const now = Date.now();
    await clock.set(new Date(now));
    const expiresAt = new Date(now + day).toISOString();
    const { apiKey } = await node.api.apiKeys.create({ apiKey: { name: "short", role: "viewer", expiresAt } });
    const short = await signIn(node.origin, node.customerCode, apiKey.key);
    expect((await short.send("GET", "/session")).body).toMatchObject({ session: { expiresAt } });
    const long = await signIn(node.origin, node.customerCode, node.apiKey);
    const end = new Date(now + 7 * day).toISOString();
    expect((await long.send("GET", "/session")).body).toMatchObject({ session: { expiresAt: end } });

    await clock.advance(7 * day + 1);
    // A node trusts what it has just read for five seconds of its own; another reads the time anew.
    const second = await startTestNode({ with: node, services: "byHand" });
    for (const { cookie } of [short, long]) expect(await signedInAt(second.origin, cookie)("/jobs")).toBe(401);
    await signIn(node.origin, node.customerCode, node.apiKey);
    expect(await node.database.sql`select kind from web_session`).toHaveLength(1);
  });
});

describe("the link of the first start", () => {
  test("opens one session, once, for the key in the credentials", async () => {
    const { node, link } = await startWithLink();
    const person = signedIn(node.origin, await postSession(node.origin, "/session/_link", { link }));
    expect((await person.send("GET", "/session")).body).toMatchObject({ session: { email: "admin@example.com" } });
    const again = await postSession(node.origin, "/session/_link", { link });
    expect(problemOf(again)).toMatchObject({ status: 401, detail: expect.stringContaining("used") });
  });

  test("is no session, no key, and nothing after an hour", async () => {
    const { node, link } = await startWithLink();
    expect(await signedInAt(node.origin, `punctual_session=${link}`)("/jobs")).toBe(401);
    expect(statusAndCode(await sender({ ...node, apiKey: link })("GET", "/jobs"))).toBe("401 UNAUTHENTICATED");
    await fakeClock(node.database).advance(3_600_001);
    expect(statusAndCode(await postSession(node.origin, "/session/_link", { link }))).toBe("401 UNAUTHENTICATED");
  });
});

test("secrets of sessions are stored as hashes, and openings and closings are in the audit without them", async () => {
  const node = await start();
  const person = await signIn(node.origin, node.customerCode, node.apiKey);
  const secret = person.cookie.slice(-43);
  const [row] = await node.database
    .sql`select secret_hash, web_session::text as whole from web_session where kind = 'session'`;
  expect(row?.secret_hash).toEqual(createHash("sha256").update(secret).digest());
  expect(String(row?.whole)).not.toContain(secret);
  await person.send("DELETE", "/session");
  const events = await node.api.auditEvents.list();
  expect(events.auditEvents.slice(0, 2).map(({ action, actor }) => [action, actor])).toEqual([
    ["session.close", "admin@example.com"],
    ["session.open", "admin@example.com"],
  ]);
  expect(JSON.stringify(events)).not.toContain(secret);
});

/** Reads with a cookie alone. @returns a function that answers the status */
function signedInAt(origin: string, cookie: string): (path: string) => Promise<number> {
  return async (path) => (await fetch(`${origin}${prefix}${path}`, { headers: { cookie } })).status;
}

/** Every write leaves exactly one audit event, in its own transaction; what is refused leaves none. */
import Type from "typebox";
import { Value } from "typebox/value";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addCustomer } from "../support/customers.ts";
import { type RawAnswer, type Send, sender } from "../support/http.ts";
import { openTestNode } from "../support/nodes.ts";

let node: Awaited<ReturnType<typeof openTestNode>>;
let send: Send;

beforeAll(async () => {
  node = await openTestNode({ services: "byHand" });
  send = sender(node);
});
afterAll(() => node.close());

async function eventsOf(work: () => Promise<unknown>): Promise<unknown[]> {
  const before = new Set((await node.api.auditEvents.list({ limit: 200 })).auditEvents.map((one) => one.auditEventId));
  await work();
  const { auditEvents } = await node.api.auditEvents.list({ limit: 200 });
  return auditEvents.filter((one) => !before.has(one.auditEventId));
}

function idOf(answer: RawAnswer, name: string): string {
  const [, id = ""] = new RegExp(`"${name}":"([^"]+)"`).exec(answer.text) ?? [];
  expect(id, answer.text).not.toBe("");
  return id;
}

const definition = { jobDefinition: { jobDefinitionCode: "d", jobType: "echo" } };

test("each write is told once: who, what, to which thing", async () => {
  const ids = { user: "", key: "", job: "" };
  const steps: [string, () => Promise<RawAnswer>, () => object][] = [
    [
      "POST definition",
      () => send("POST", "/job-definitions", definition),
      () => ({ action: "jobDefinition.create", subject: "d" }),
    ],
    [
      "PATCH definition",
      () => send("PATCH", "/job-definitions/d", { jobDefinition: { name: "x" } }),
      () => ({ action: "jobDefinition.update", subject: "d", details: { version: 2 } }),
    ],
    [
      "PUT over",
      () => send("PUT", "/job-definitions/d", definition),
      () => ({ action: "jobDefinition.update", details: { version: 3 } }),
    ],
    [
      "PUT anew",
      () =>
        send("PUT", "/job-definitions/e", { jobDefinition: { ...definition.jobDefinition, jobDefinitionCode: "e" } }),
      () => ({ action: "jobDefinition.create", subject: "e" }),
    ],
    [
      "_execute of a definition",
      () => send("POST", "/job-definitions/d/_execute", {}),
      () => ({ action: "jobDefinition.execute", subject: "d", details: { jobId: expect.stringMatching(/^\d{8}-/) } }),
    ],
    [
      "_execute of a type",
      () => send("POST", "/job-types/echo/_execute", {}),
      () => ({ action: "jobType.execute", subject: "echo" }),
    ],
    [
      "DELETE definition",
      () => send("DELETE", "/job-definitions/d"),
      () => ({ action: "jobDefinition.delete", subject: "d", details: { version: 3 } }),
    ],
    [
      "POST user",
      async () => {
        const answer = await send("POST", "/users", { user: { email: "ada@demo.example", role: "editor" } });
        ids.user = idOf(answer, "userId");
        return answer;
      },
      () => ({ action: "user.create", subject: ids.user, details: { email: "ada@demo.example", role: "editor" } }),
    ],
    [
      "PATCH user",
      () => send("PATCH", `/users/${ids.user}`, { user: { role: "viewer" } }),
      () => ({ action: "user.update", subject: ids.user, details: { role: "viewer" } }),
    ],
    [
      "POST key",
      async () => {
        const answer = await send("POST", "/api-keys", { apiKey: { name: "k", role: "viewer" } });
        ids.key = idOf(answer, "apiKeyId");
        return answer;
      },
      () => ({ action: "apiKey.create", subject: ids.key, details: { name: "k", role: "viewer" } }),
    ],
    ["DELETE key", () => send("DELETE", `/api-keys/${ids.key}`), () => ({ action: "apiKey.revoke", subject: ids.key })],
    ["DELETE user", () => send("DELETE", `/users/${ids.user}`), () => ({ action: "user.delete", subject: ids.user })],
  ];
  for (const [name, work, expected] of steps) {
    const events = await eventsOf(async () => expect((await work()).status, name).toBeLessThan(300));
    expect(events, name).toHaveLength(1);
    expect(events[0], name).toMatchObject({ actor: "admin@example.com", at: expect.any(String), ...expected() });
  }
});

test("100 jobs at once are 100 events, each of its own job", async () => {
  const made: string[] = [];
  const events = await eventsOf(async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => node.api.jobTypes.execute("echo", {})));
    made.push(...answers.map(({ jobId }) => jobId));
  });
  const told = events.map(
    (event) => Value.Parse(Type.Object({ details: Type.Object({ jobId: Type.String() }) }), event).details.jobId,
  );
  expect(told.sort()).toEqual(made.sort());
});

test("reading and being refused leave nothing", async () => {
  const events = await eventsOf(async () => {
    await send("PUT", "/job-definitions/f", { jobDefinition: { jobDefinitionCode: "f", jobType: "nope" } });
    await send("POST", "/job-definitions", { jobDefinition: { jobDefinitionCode: "e", jobType: "echo" } });
    await send("PATCH", "/job-definitions/e", { jobDefinition: { name: "x" } }, { "if-match": '"9"' });
    await send("DELETE", "/job-definitions/nope");
    await send("DELETE", "/job-definitions/e", undefined, { "if-match": '"9"' });
    await send("POST", "/job-types/echo/_execute", { priority: 0 });
    await send("POST", "/users", { user: { email: "admin@example.com", role: "viewer" } });
    await send("POST", "/api-keys", { apiKey: { name: "k", role: "viewer", userEmail: "nobody@example.com" } });
    const { users } = await node.api.users.list();
    await send("DELETE", `/users/${users[0]?.userId}`);
    await send("PATCH", `/users/${users[0]?.userId}`, { user: { role: "viewer" } });
    await send("DELETE", "/api-keys/0000000000000000");
    for (const path of ["/jobs", "/job-definitions", "/users", "/api-keys", "/audit-events"]) await send("GET", path);
  });
  expect(events).toEqual([]);
});

test("newest first, in pages, and each customer's own", async () => {
  const all = (await node.api.auditEvents.list({ limit: 200 })).auditEvents;
  const ids = all.map((one) => one.auditEventId);
  expect(ids).toEqual(ids.toSorted().toReversed());
  const first = await node.api.auditEvents.list({ limit: 60 });
  const second = await node.api.auditEvents.list({ limit: 60, cursor: first.nextCursor ?? "" });
  expect([...first.auditEvents, ...second.auditEvents]).toEqual(all.slice(0, 120));

  const other = sender(await addCustomer(node, "other"));
  const { body } = await other("GET", "/audit-events");
  expect(body).toMatchObject({
    auditEvents: [{ actor: "operator", action: "customer.create", subject: "other" }],
    nextCursor: null,
  });
});

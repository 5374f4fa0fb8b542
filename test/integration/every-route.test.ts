/** Walks every route of the OpenAPI document as everybody who may not, and as everybody who may. */
import Type from "typebox";
import { Value } from "typebox/value";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newApiKey } from "../../src/model/api-key.ts";
import { roleSuffices, roles } from "../../src/model/roles.ts";
import { addCustomer, addPerson } from "../support/customers.ts";
import {
  type Caller,
  type HeaderChanges,
  prefix,
  problemOf,
  type RawAnswer,
  sender,
  statusAndCode,
} from "../support/http.ts";
import { openTestNode } from "../support/nodes.ts";
import { namesOwnThing, noThings, type RouteCase, routeCases, type Things } from "../support/route-cases.ts";

const Document = Type.Object({
  paths: Type.Record(Type.String(), Type.Record(Type.String(), Type.Object({ description: Type.String() }))),
});

let node: Awaited<ReturnType<typeof openTestNode>>;
let second: Awaited<ReturnType<typeof openTestNode>>;
let other: Caller;
let things: Things;

beforeAll(async () => {
  node = await openTestNode({ services: "byHand" });
  second = await openTestNode({ with: node, services: "byHand" });
  other = await addCustomer(node, "other");
  await node.api.jobDefinitions.create({ jobDefinition: { jobDefinitionCode: "mine", jobType: "echo" } });
  const { jobId } = await node.api.jobDefinitions.execute("mine");
  await node.api.secrets.put("mine", { value: "what nobody else may see" });
  const person = await addPerson(node, "editor", "mine@demo.example");
  things = { definition: "mine", jobId, userId: person.userId, apiKeyId: person.apiKeyId, secret: "mine" };
});
afterAll(async () => {
  await second.close();
  await node.close();
});

/** Every route of the document, with the role that its description declares. */
async function documented(): Promise<Map<string, string>> {
  const document = Value.Parse(Document, await (await fetch(`${node.origin}/openapi.json`)).json());
  const found = new Map<string, string>();
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, { description }] of Object.entries(operations)) {
      const [, role = "none"] = /Needs the role `(\w+)`/.exec(description) ?? [];
      found.set(`${method.toUpperCase()} ${path.slice(prefix.length)}`, role);
    }
  }
  return found;
}

/** Calls every route; a route that has no case here fails. */
async function walk(
  caller: Caller,
  about: Things,
  visit: (answer: RawAnswer, route: string, role: string) => void,
  { headers = {}, skip }: { headers?: HeaderChanges; skip?: string } = {},
): Promise<void> {
  const send = sender(caller);
  const cases = new Map<string, RouteCase>(Object.entries(routeCases(about)));
  for (const [route, role] of await documented()) {
    if (skip !== undefined && route.startsWith(skip)) continue;
    const one = cases.get(route);
    if (!one) throw new Error(`${route} is new: add it to test/support/route-cases.ts`);
    const [method = ""] = route.split(" ");
    const answer = await send(method, one.path, one.body, headers);
    expect(answer.status, `${route}: ${answer.text}`).toBeLessThan(500);
    visit(answer, route, role);
    if (method === "GET") visit(await send("HEAD", one.path, undefined, headers), `HEAD of ${route}`, role);
  }
}

function refused(expected: string): (answer: RawAnswer, route: string) => void {
  return (answer, route) => {
    if (route.startsWith("HEAD")) expect(answer.status, route).toBe(Number(expected.slice(0, 3)));
    else expect(statusAndCode(answer), route).toBe(expected);
    expect(answer.headers.has("www-authenticate"), route).toBe(expected.startsWith("401"));
  };
}

test("the document has every route that there are cases for, each with a role", async () => {
  const found = await documented();
  expect([...found.keys()].sort()).toEqual(Object.keys(routeCases(things)).sort());
  for (const [route, role] of found) expect(roles, route).toContain(role);
});

describe("no valid key", () => {
  const unknown = newApiKey().key;
  test.each<[string, (own: string) => string | undefined]>([
    ["none at all", () => undefined],
    ["an empty header", () => ""],
    ["another scheme", (own) => `Basic ${own}`],
    ["the scheme alone", () => "Bearer"],
    ["two keys", (own) => `Bearer ${own} ${own}`],
    ["not a key", () => "Bearer secret"],
    ["an unknown key", () => `Bearer ${unknown}`],
    ["the right id with a wrong secret", (own) => `Bearer ${own.slice(0, 21)}${unknown.slice(21)}`],
    ["the right key with a letter more", (own) => `Bearer ${own}A`],
    ["the right key in capitals", (own) => `Bearer ${own.toUpperCase()}`],
  ])("%s", async (_name, header) => {
    await walk(node, things, refused("401 UNAUTHENTICATED"), {
      headers: { authorization: header(node.apiKey) },
    });
  });

  test("told before anything else that is wrong with the request", async () => {
    const headers = { authorization: undefined, "x-customer-code": undefined, "content-type": "text/plain" };
    const answer = await sender(node)("POST", "/job-definitions?what=1", "{", headers);
    expect(statusAndCode(answer)).toBe("401 UNAUTHENTICATED");
    const unknownKey = { authorization: `Bearer ${unknown}`, "x-customer-code": undefined };
    expect(statusAndCode(await sender(node)("GET", "/jobs", undefined, unknownKey))).toBe("401 UNAUTHENTICATED");
  });

  test("an expired key", async () => {
    const { apiKey } = await node.api.apiKeys.create({ apiKey: { name: "short", role: "admin", expiresAt: ahead(1) } });
    await node.database.sql`
      update api_key set expires_at = now() - interval '1 millisecond' where api_key_id = ${apiKey.apiKeyId}`;
    await walk({ ...node, apiKey: apiKey.key }, things, refused("401 UNAUTHENTICATED"));
  });

  test("a revoked key, at once on the node that revoked it and on another that had it in memory", async () => {
    const { apiKey } = await node.api.apiKeys.create({ apiKey: { name: "revoked", role: "admin" } });
    const onFirst = { ...node, apiKey: apiKey.key };
    const onSecond = { ...second, apiKey: apiKey.key };
    for (const caller of [onFirst, onSecond]) {
      expect((await sender(caller)("GET", "/jobs")).status).toBe(200);
      expect((await sender(caller)("GET", "/jobs")).status).toBe(200);
    }
    const told = new Promise((resolve) => second.context.events.once("keysChanged", resolve));
    await node.api.apiKeys.revoke(apiKey.apiKeyId);
    await walk(onFirst, things, refused("401 UNAUTHENTICATED"));
    await told;
    await walk(onSecond, things, refused("401 UNAUTHENTICATED"));
  });
});

test("without X-Customer-Code", async () => {
  await walk(node, noThings(), refused("400 VALIDATION_FAILED"), { headers: { "x-customer-code": undefined } });
  await walk(node, noThings(), refused("400 VALIDATION_FAILED"), { headers: { "x-customer-code": "" } });
});

test("another customer's key in this customer's name, and this one's in a name that nobody has", async () => {
  await walk({ ...node, apiKey: other.apiKey }, things, refused("403 FORBIDDEN"));
  await walk({ ...node, customerCode: "nobody" }, things, refused("403 FORBIDDEN"));
  await walk({ ...node, customerCode: "DEMO" }, things, refused("403 FORBIDDEN"));
});

test("another customer's things are not there, and stay as they are", async () => {
  const before = await Promise.all([node.api.jobDefinitions.get("mine"), node.api.jobs.get(things.jobId)]);
  await walk(
    other,
    things,
    (answer, route) => {
      expect(answer.text, route).not.toContain("demo.example");
      if (namesOwnThing(route)) expect(answer.status, route).toBe(404);
    },
    // A PUT makes a thing of its own.
    { skip: "PUT" },
  );
  const definition = { jobDefinition: { jobDefinitionCode: "mine", jobType: "hanging" } };
  expect((await sender(other)("PUT", "/job-definitions/mine", definition)).status).toBe(201);
  expect(await Promise.all([node.api.jobDefinitions.get("mine"), node.api.jobs.get(things.jobId)])).toEqual(before);
  expect((await sender(other)("PUT", "/secrets/mine", { value: "another" })).status).toBe(201);
  expect((await node.api.secrets.get("mine")).secret.updatedBy).toBe("admin@example.com");
  expect((await node.api.users.get(things.userId)).user.role).toBe("editor");
  const { apiKeys } = await node.api.apiKeys.list();
  expect(apiKeys.map((one) => one.apiKeyId)).toContain(things.apiKeyId);
});

test.each(roles)("the role %s opens what needs it or less, and nothing else", async (role) => {
  const person = await addPerson(node, role);
  let opened = 0;
  await walk(person, noThings(), (answer, route, needed) => {
    if (roles.some((one) => one === needed && roleSuffices(role, one))) {
      opened += 1;
      expect([401, 403], route).not.toContain(answer.status);
    } else {
      refused("403 FORBIDDEN")(answer, route);
      if (!route.startsWith("HEAD")) expect(problemOf(answer).detail, route).toContain(needed);
    }
  });
  expect(opened).toBeGreaterThan(0);
});

function ahead(hours: number): string {
  return new Date(Date.now() + hours * 3_600_000).toISOString();
}

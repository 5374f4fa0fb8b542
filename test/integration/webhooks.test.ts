import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { beforeEach, expect, test } from "vitest";
import { fakeClock } from "../support/clock.ts";
import { addCustomer, addPerson } from "../support/customers.ts";
import { sender, statusAndCode } from "../support/http.ts";
import { startTestNode, type TestNode } from "../support/nodes.ts";
import { nothingUnderWay, runReady, sendDue } from "../support/outbox.ts";
import { type RecordedRequest, startWebservice, type Webservice } from "../support/webservice.ts";

const environment = { PUNCTUAL_SECRET_KEY: Buffer.alloc(32, 7).toString("base64") };

let service: Webservice;
let node: TestNode;

beforeEach(async () => {
  service = await startWebservice();
  node = await startTestNode({
    services: "byHand",
    environment,
    flags: { "egress-allow": `127.0.0.1:${service.port}` },
  });
});

async function define(
  code: string,
  webhooks: { url: string; events?: ("completed" | "failed")[]; secret?: string }[],
  params: object = {},
) {
  await node.api.jobDefinitions.create({
    jobDefinition: { jobDefinitionCode: code, jobType: "echo", params: { ...params }, options: { webhooks } },
  });
}

function headersOf({ headers }: RecordedRequest): Record<string, string> {
  return Object.fromEntries(
    ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => [name, String(headers[name])]),
  );
}

async function only(): Promise<RecordedRequest> {
  await nothingUnderWay(node);
  const [request] = service.requests;
  if (!request || service.requests.length > 1) throw new Error(`${service.requests.length} calls came`);
  return request;
}

test("a call is signed so that the library of Standard Webhooks takes it, and refuses what was changed, is late or another's", async () => {
  await define("hooked", [{ url: `${service.origin}/hook` }], { greeting: "hello" });
  const { jobId } = await node.api.jobDefinitions.execute("hooked");
  await runReady(node);
  await sendDue(node);
  const request = await only();
  const { signingSecret } = await node.api.webhooks.signingSecret();
  expect(signingSecret).toMatch(/^whsec_/);
  const receiver = new Webhook(signingSecret);
  const headers = headersOf(request);
  expect(receiver.verify(request.body, headers)).toMatchObject({
    type: "job.completed",
    data: { jobId, jobDefinitionCode: "hooked", status: "COMPLETED", result: { greeting: "hello" }, error: null },
  });
  expect(request.method).toBe("POST");
  expect(request.headers["content-type"]).toBe("application/json");

  const refuses = (body: string, changed: Record<string, string>) =>
    expect(() => receiver.verify(body, { ...headers, ...changed })).toThrow(WebhookVerificationError);
  refuses(request.body.replace("hello", "hullo"), {});
  refuses(request.body, { "webhook-id": "another" });
  refuses(request.body, { "webhook-timestamp": String(Number(headers["webhook-timestamp"]) - 1) });
  const late = new Webhook(signingSecret);
  const longAgo = new Date(Date.now() - 3_600_000);
  refuses(request.body, {
    "webhook-timestamp": String(Math.floor(longAgo.getTime() / 1000)),
    "webhook-signature": late.sign(String(headers["webhook-id"]), longAgo, request.body),
  });
  expect(() => new Webhook(`whsec_${Buffer.alloc(32, 1).toString("base64")}`).verify(request.body, headers)).toThrow();
});

test("a repeat has the id of the first try, and a fresh time that is signed with it", async () => {
  const clock = fakeClock(node.database);
  await clock.advance(0);
  await define("retried", [{ url: `${service.origin}/status/500` }]);
  const { jobId } = await node.api.jobDefinitions.execute("retried");
  await runReady(node);
  await sendDue(node);
  await clock.advance(60_000);
  await sendDue(node);
  // The library knows no replay within its five minutes: what a receiver goes by is the id, which is signed with the rest.
  const receiver = new Webhook((await node.api.webhooks.signingSecret()).signingSecret);
  const [first, second] = service.requests.map((request) => receiver.verify(request.body, headersOf(request)));
  expect(second).toEqual(first);
  const ids = service.requests.map(({ headers }) => headers["webhook-id"]);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
  const { deliveries } = await node.api.deliveries.list({ jobId });
  expect(deliveries).toMatchObject([
    { deliveryId: ids[0], kind: "webhook", event: "completed", state: "waiting", attempts: 2, endedAt: null },
  ]);
  expect(deliveries[0]?.answer).toBe('Status 500: {"status":500}');
});

test("a named secret signs, in the specification's form or any other", async () => {
  const own = `whsec_${Buffer.alloc(24, 9).toString("base64")}`;
  await node.api.secrets.put("shop", { value: own });
  await node.api.secrets.put("plain", { value: "a passphrase" });
  await define("two", [
    { url: `${service.origin}/shop`, secret: "{{secrets.shop}}" },
    { url: `${service.origin}/plain`, secret: "{{secrets.plain}}" },
  ]);
  await node.api.jobDefinitions.execute("two");
  await runReady(node);
  await sendDue(node);
  const byPath = new Map(service.requests.map((request) => [request.url, request]));
  const [shop, plain] = [byPath.get("/shop"), byPath.get("/plain")];
  if (!shop || !plain) throw new Error("a call is missing");
  new Webhook(own).verify(shop.body, headersOf(shop));
  new Webhook("a passphrase", { format: "raw" }).verify(plain.body, headersOf(plain));
});

test("a secret that is bound to hosts signs no call to another", async () => {
  const bind = () => node.api.secrets.put("elsewhere", { value: "a passphrase", hosts: ["only.example.com"] });
  await node.api.secrets.put("here", { value: "another", hosts: [`127.0.0.1:${service.port}`] });
  await define("bound", [
    { url: `${service.origin}/elsewhere`, secret: "{{secrets.elsewhere}}" },
    { url: `${service.origin}/here`, secret: "{{secrets.here}}" },
  ]);
  await bind();
  await expect(define("late", [{ url: `${service.origin}/`, secret: "{{secrets.elsewhere}}" }])).rejects.toMatchObject({
    problem: { errors: [{ path: "/jobDefinition/options/webhooks/0/secret" }] },
  });
  const { jobId } = await node.api.jobDefinitions.execute("bound");
  await runReady(node);
  await sendDue(node);
  expect((await only()).url).toBe("/here");
  const { deliveries } = await node.api.deliveries.list({ jobId });
  expect(deliveries.find(({ destination }) => destination.endsWith("/elsewhere"))).toMatchObject({
    state: "waiting",
    answer: expect.stringMatching(
      /^SECRET_NOT_ALLOWED: The secret elsewhere may sign calls to only\.example\.com alone/,
    ),
  });
});

test("only the events that it asks for; a failure says why", async () => {
  await node.api.jobDefinitions.create({
    jobDefinition: {
      jobDefinitionCode: "fails",
      jobType: "failing",
      params: { times: 9, retryable: false },
      options: {
        webhooks: [
          { url: `${service.origin}/bad`, events: ["failed"] },
          { url: `${service.origin}/good`, events: ["completed"] },
        ],
      },
    },
  });
  await node.api.jobDefinitions.execute("fails");
  await runReady(node);
  await sendDue(node);
  const request = await only();
  expect(request.url).toBe("/bad");
  expect(JSON.parse(request.body)).toMatchObject({
    type: "job.failed",
    data: { status: "FAILED", error: { code: "CONNECTION_LOST", message: "attempt 1 fails" } },
  });
});

test("a redirect is refused, 410 ends it, a private address is never called; each says so", async () => {
  await define("several", [
    { url: `${service.origin}/status/302` },
    { url: `${service.origin}/status/410` },
    { url: "http://10.1.2.3/hook" },
    { url: "http://[::ffff:169.254.169.254]/latest/meta-data" },
  ]);
  const { jobId } = await node.api.jobDefinitions.execute("several");
  await runReady(node);
  await sendDue(node);
  const { deliveries } = await node.api.deliveries.list({ jobId });
  const told = deliveries.map(
    ({ destination, state, answer }) =>
      `${new URL(destination).host}${new URL(destination).pathname} ${state} ${answer}`,
  );
  expect(told.sort()).toEqual([
    expect.stringMatching(/^10\.1\.2\.3\/hook givenUp ADDRESS_NOT_ALLOWED/),
    expect.stringMatching(/status\/302 waiting Status 302: redirects are not followed/),
    expect.stringMatching(/status\/410 givenUp Status 410/),
    expect.stringMatching(/^\[::ffff:a9fe:a9fe\].* givenUp ADDRESS_NOT_ALLOWED/),
  ]);
  expect(service.requests).toHaveLength(2);
});

test("a webhook that hangs, with a hundred calls behind it, delays no other", async () => {
  const other = await startWebservice();
  const many = await startTestNode({
    services: "byHand",
    with: node,
    environment,
    flags: { "egress-allow": "127.0.0.1/32" },
  });
  await define("hangs", [{ url: `${service.origin}/hang` }]);
  for (let count = 0; count < 30; count += 1) await node.api.jobDefinitions.execute("hangs");
  await define("works", [{ url: `${other.origin}/works` }]);
  await node.api.jobDefinitions.execute("works");
  await runReady(many);
  await many.run("deliver-outbox");
  await other.waitForCalls(1);
  // Four of one lane are on their way, and the others wait their turn.
  await service.waitForCalls(4);
  const [row] = await node.database
    .sql`select count(*)::int as claimed from delivery where lease is not null and destination like '%hang'`;
  expect(row?.claimed).toBe(4);
  await many.stop(0);
});

test("thousands of origins of one customer, due or not, keep no other customer and no origin of its own", async () => {
  const { sql } = node.database;
  const add = (customer: string, origins: number, path: string, due: string) => sql`
    insert into delivery (delivery_id, customer_code, kind, lane, event, destination, content, due_at, created_at)
    select gen_random_uuid(), ${customer}, 'webhook', 'webhook ' || ${customer} || ' http://h' || n || '.example', 'failed',
           ${`${service.origin}${path}`}, '{"about": "webhook", "body": "{}", "secret": null}',
           app_now() + ${due}::interval, app_now()
      from generate_series(1, ${origins}::integer) n`;
  await addCustomer(node, "other");
  await add("demo", 3_000, "/later", "1 hour");
  await sql`
    insert into delivery (delivery_id, customer_code, kind, lane, event, destination, content, due_at, created_at)
    values (gen_random_uuid(), 'demo', 'webhook', 'webhook demo http://z.example', 'failed', ${`${service.origin}/last`},
            '{"about": "webhook", "body": "{}", "secret": null}', app_now(), app_now())`;
  await sendDue(node);
  expect(service.requests.map(({ url }) => url)).toEqual(["/last"]);

  await sql`update delivery set due_at = app_now(), destination = ${`${service.origin}/hang`} where state = 'waiting'`;
  await add("other", 1, "/other", "0");
  await node.run("deliver-outbox");
  await expect.poll(() => service.requests.some(({ url }) => url === "/other")).toBe(true);
  const held = () => sql`select count(*)::int as n from delivery where lease is not null and customer_code = 'demo'`;
  expect(await held()).toEqual([{ n: 20 }]);
  await node.run("deliver-outbox");
  expect(await held()).toEqual([{ n: 20 }]);
  await node.stop(0);
});

test("addresses that are none, or carry a password, are refused by a pointer", async () => {
  const bad = [
    "ftp://example.com/",
    "example.com",
    "javascript:alert(1)",
    "https://user:pass@example.com/",
    "http://",
    "https://exa mple.com/",
  ];
  for (const url of bad) {
    const saved = node.api.jobDefinitions.create({
      jobDefinition: { jobDefinitionCode: "bad", jobType: "echo", options: { webhooks: [{ url }] } },
    });
    await expect(saved, url).rejects.toMatchObject({
      problem: { errors: [{ path: "/jobDefinition/options/webhooks/0/url" }] },
    });
  }
  const secret = node.api.jobDefinitions.create({
    jobDefinition: {
      jobDefinitionCode: "bad",
      jobType: "echo",
      options: { webhooks: [{ url: "https://example.com/", secret: "in clear" }] },
    },
  });
  await expect(secret).rejects.toMatchObject({
    problem: { errors: [{ path: "/jobDefinition/options/webhooks/0/secret" }] },
  });
});

test("an operator cannot have calls signed that go where the operator likes", async () => {
  const operator = await addPerson(node, "operator");
  const body = { params: {}, options: { webhooks: [{ url: `${service.origin}/mine` }] } };
  expect(statusAndCode(await sender(operator)("POST", "/job-types/echo/_execute", body))).toBe("403 FORBIDDEN");
  expect(statusAndCode(await sender(operator)("GET", "/webhook-signing-secret"))).toBe("403 FORBIDDEN");
});

/** `Idempotency-Key`: the same request again makes nothing twice. */
import { expect, test } from "vitest";
import { fakeClock } from "../support/clock.ts";
import { addCustomer } from "../support/customers.ts";
import { type RawAnswer, sender, statusAndCode } from "../support/http.ts";
import { startTestNode } from "../support/nodes.ts";
import { countRows, leavingNothing } from "../support/stored-rows.ts";

const echo = "/job-types/echo/_execute";
const day = 86_400_000;

function key(value: string): { "idempotency-key": string } {
  return { "idempotency-key": value };
}

async function start() {
  const node = await startTestNode({ services: "byHand" });
  return { node, send: sender(node), clock: fakeClock(node.database) };
}

test("the same request under the same key answers the same job, and makes one", async () => {
  const { node, send } = await start();
  const first = await send("POST", echo, { params: { a: 1, b: { c: 2, d: 3 } } }, key("one"));
  expect(first.status).toBe(200);
  // The order of fields and the blanks between them are not the request.
  const again = await leavingNothing(node.database, () =>
    send("POST", echo, '{ "params": {"b":{"d":3,"c":2}, "a":1} }', key("one")),
  );
  expect([again.status, again.body]).toEqual([200, first.body]);
  expect((await send("POST", echo, {}, key("two"))).body).not.toEqual(first.body);
  expect((await send("POST", echo, { params: { a: 1 } })).body).not.toEqual(
    (await send("POST", echo, { params: { a: 1 } })).body,
  );
});

test("100 at once make one job; 100 keys at once make 100", async () => {
  const { node, send } = await start();
  const same = await Promise.all(Array.from({ length: 100 }, () => send("POST", echo, {}, key("same"))));
  expect(new Set(same.map((answer) => `${answer.status} ${answer.text}`)).size).toBe(1);
  expect(same[0]?.status).toBe(200);
  expect(await countRows(node.database)).toMatchObject({ job: 1, job_queue: 1, idempotency_key: 1 });

  const others = await Promise.all(Array.from({ length: 100 }, (_, index) => send("POST", echo, {}, key(`k${index}`))));
  expect(new Set(others.map((answer) => answer.text)).size).toBe(100);
  expect(await countRows(node.database)).toMatchObject({ job: 101, idempotency_key: 101 });
});

test("at once on two nodes too", async () => {
  const { node } = await start();
  const second = await startTestNode({ with: node, services: "byHand" });
  const sends = [sender(node), sender(second)];
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, index) => sends[index % 2]?.("POST", echo, {}, key(`k${index % 3}`))),
  );
  expect(new Set(answers.map((answer) => answer?.text)).size).toBe(3);
  expect(await countRows(node.database)).toMatchObject({ job: 3 });
});

test("another body or path under the same key is a conflict", async () => {
  const { node, send } = await start();
  await node.api.jobDefinitions.create({ jobDefinition: { jobDefinitionCode: "d", jobType: "echo" } });
  await send("POST", echo, { params: { a: 1 } }, key("k"));
  await leavingNothing(node.database, async () => {
    for (const [path, body] of [
      [echo, { params: { a: 2 } }],
      [echo, { params: { a: 1 }, priority: 1 }],
      ["/job-definitions/d/_execute", { params: { a: 1 } }],
    ] as const) {
      expect(statusAndCode(await send("POST", path, body, key("k")))).toBe("409 CONFLICT");
    }
  });
});

test("one customer's keys are none of another's", async () => {
  const { node, send } = await start();
  const other = sender(await addCustomer(node, "other"));
  const mine = await send("POST", echo, { params: { a: 1 } }, key("k"));
  const theirs = await other("POST", echo, { params: { b: 2 } }, key("k"));
  expect([mine.status, theirs.status]).toEqual([200, 200]);
  expect(theirs.body).not.toEqual(mine.body);
});

test("a key is kept for 24 hours, then it is new", async () => {
  const { node, send, clock } = await start();
  await clock.set("2026-11-24T12:00:00Z");
  const first = await send("POST", echo, {}, key("k"));
  await clock.set("2026-11-25T12:00:00Z");
  expect((await send("POST", echo, {}, key("k"))).body).toEqual(first.body);
  await clock.advance(1);
  const anew = await send("POST", echo, { params: { other: true } }, key("k"));
  expect(anew.status).toBe(200);
  expect(anew.body).not.toEqual(first.body);
  expect((await send("POST", echo, { params: { other: true } }, key("k"))).body).toEqual(anew.body);
  expect(statusAndCode(await send("POST", echo, {}, key("k")))).toBe("409 CONFLICT");
  await clock.advance(day + 1);
  await node.run("maintain-storage");
  expect(await countRows(node.database)).toMatchObject({ job: 2, idempotency_key: 0 });
});

test("what was refused is not kept", async () => {
  const { node, send } = await start();
  await leavingNothing(node.database, async () => {
    expect(statusAndCode(await send("POST", echo, { priority: 0 }, key("k")))).toBe("400 VALIDATION_FAILED");
    expect(statusAndCode(await send("POST", "/job-types/nope/_execute", {}, key("k")))).toBe("404 NOT_FOUND");
  });
  expect((await send("POST", echo, {}, key("k"))).status).toBe(200);
});

test("a definition's _execute is answered again though the definition has been changed or deleted since", async () => {
  const { node, send } = await start();
  const params = { times: 1, retryable: true };
  await node.api.jobDefinitions.create({ jobDefinition: { jobDefinitionCode: "d", jobType: "echo" } });
  const execute = (body: object = {}): Promise<RawAnswer> =>
    send("POST", "/job-definitions/d/_execute", body, key("k"));
  const first = await execute({ params: { free: 1 } });
  expect(first.status).toBe(200);
  await node.api.jobDefinitions.change("d", { jobDefinition: { jobType: "failing", params } });
  expect((await execute({ params: { free: 1 } })).body).toEqual(first.body);
  await node.api.jobDefinitions.delete("d");
  expect((await execute({ params: { free: 1 } })).body).toEqual(first.body);
  expect(statusAndCode(await execute())).toBe("404 NOT_FOUND");
});

test("the answer stays readable where midnight passes between the key and its job", async () => {
  const { node, send, clock } = await start();
  await clock.set("2037-11-24T23:59:59.999Z");
  await node.run("maintain-storage");
  await node.database.sql`
    create function pass_midnight() returns trigger language plpgsql as
      'begin update test_clock set now = ''2037-11-25T00:00:00Z''; return null; end'`;
  await node.database.sql`
    create trigger pass_midnight after insert on idempotency_key execute function pass_midnight()`;
  const first = await send("POST", echo, {}, key("k"));
  expect(first.text).toContain('"20371125-');
  await node.database.sql`drop trigger pass_midnight on idempotency_key`;
  const again = await send("POST", echo, {}, key("k"));
  expect(again.body).toEqual(first.body);
  expect((await send("GET", `/jobs/${again.text.slice(10, -2)}`)).status).toBe(200);
});

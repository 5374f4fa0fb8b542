import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { createScriptedType } from "../support/alert-job-type.ts";
import { type FakeClock, fakeClock } from "../support/clock.ts";
import { addPerson } from "../support/customers.ts";
import { sender } from "../support/http.ts";
import { receivedBy, startMailServer } from "../support/mail-server.ts";
import { startTestNode, type TestNode } from "../support/nodes.ts";
import { runReady, sendDue } from "../support/outbox.ts";
import { startWebservice } from "../support/webservice.ts";

const scripted = createScriptedType();

async function start(flags: Record<string, string> = {}): Promise<{ node: TestNode; clock: FakeClock }> {
  const node = await startTestNode({ services: "byHand", jobTypes: [scripted.type], flags });
  const clock = fakeClock(node.database);
  await clock.advance(0);
  return { node, clock };
}

async function define(node: TestNode, alerts: object[], more: object = {}): Promise<void> {
  const options = { alerts, skipNotification: true, ...more };
  const jobDefinition = { jobDefinitionCode: "watched", name: "Watched", jobType: "swayed", options };
  const answer = await sender(node)("PUT", "/job-definitions/watched", { jobDefinition });
  if (answer.status >= 400) throw Object.assign(new Error(answer.text), { problem: answer.body });
}

async function run(node: TestNode, outcome: "succeeds" | "fails"): Promise<string> {
  scripted.next(outcome);
  const { jobId } = await node.api.jobDefinitions.execute("watched");
  await runReady(node);
  await sendDue(node);
  return jobId;
}

/** The alerts so far, oldest first. */
async function alerts(node: TestNode): Promise<string[]> {
  const { notifications } = await node.api.notifications.list();
  return notifications.map(({ alert, message }) => `${alert}: ${message}`).reverse();
}

const by = ["notification"];

test("after three failures in a row, and on recovery, each told once", async () => {
  const { node } = await start();
  await define(node, [
    { when: "failures", failures: 3, by, atMostEverySeconds: 0 },
    { when: "recovered", failures: 3, by },
  ]);
  await run(node, "fails");
  await run(node, "fails");
  await run(node, "succeeds");
  for (let count = 0; count < 2; count += 1) await run(node, "fails");
  expect(await alerts(node)).toEqual([]);
  const third = await run(node, "fails");
  expect(await alerts(node)).toEqual(["failures: The last 3 jobs in a row failed. The last one: it was told to"]);
  const { notifications } = await node.api.notifications.list();
  expect(notifications).toMatchObject([
    { kind: "alert", alert: "failures", jobId: third, jobDefinitionCode: "watched", read: false },
  ]);
  await run(node, "succeeds");
  expect((await alerts(node)).slice(1)).toEqual(["recovered: A job has succeeded again, after 3 failures in a row."]);
  await run(node, "succeeds");
  expect(await alerts(node)).toHaveLength(2);
});

test("at most one of a kind in its time, with the count of those held back", async () => {
  const { node, clock } = await start();
  await define(node, [{ when: "failures", by, atMostEverySeconds: 600 }]);
  for (let count = 0; count < 4; count += 1) await run(node, "fails");
  expect(await alerts(node)).toEqual(["failures: The job failed. it was told to"]);
  await clock.advance(599_000);
  await node.run("watch-definitions");
  expect(await alerts(node)).toHaveLength(1);
  await clock.advance(1_000);
  await node.run("watch-definitions");
  expect((await alerts(node)).slice(1)).toEqual([
    "failures: The last 4 jobs in a row failed. The last one: it was told to 2 more were held back.",
  ]);
  await node.run("watch-definitions");
  expect(await alerts(node)).toHaveLength(2);
});

test("the dead man's switch goes off when no worker lives, by mail; the next success tells of recovery", async () => {
  const server = await startMailServer();
  const { node, clock } = await start({ "smtp-url": server.url });
  const scheduler = await startTestNode({
    services: "byHand",
    with: node,
    jobTypes: [scripted.type],
    flags: { roles: "scheduler", "smtp-url": server.url },
  });
  await define(
    node,
    [
      { when: "noSuccess", afterSeconds: 3_600, by: ["mail"] },
      { when: "recovered", by: ["mail"] },
    ],
    {
      emailList: ["ops@example.com"],
    },
  );
  await scheduler.run("watch-definitions");
  await run(node, "succeeds");
  await clock.advance(3_599_000);
  await scheduler.run("watch-definitions");
  await sendDue(scheduler);
  expect(server.mails).toEqual([]);
  await clock.advance(2_000);
  for (let count = 0; count < 3; count += 1) {
    await scheduler.run("watch-definitions");
    await sendDue(scheduler);
  }
  const told = ["admin@example.com: No success: Watched", "ops@example.com: No success: Watched"];
  expect(receivedBy(server)).toEqual(told);
  await run(node, "succeeds");
  const recovered = ["admin@example.com: Recovered: Watched", "ops@example.com: Recovered: Watched"];
  expect(receivedBy(server)).toEqual([...told, ...recovered].sort());
});

test("a silence that was held back, and is over, is not told as if it lasted", async () => {
  const { node, clock } = await start();
  await define(node, [{ when: "noSuccess", afterSeconds: 60, by, atMostEverySeconds: 3_600 }]);
  const fallSilent = async () => {
    await run(node, "succeeds");
    await clock.advance(61_000);
    await node.run("watch-definitions");
  };
  await fallSilent();
  expect(await alerts(node)).toHaveLength(1);
  await fallSilent();
  await run(node, "succeeds");
  await clock.advance(3_600_000);
  await run(node, "succeeds");
  await node.run("watch-definitions");
  expect(await alerts(node)).toHaveLength(1);
  await fallSilent();
  expect((await alerts(node)).at(-1)).toMatch(/^noSuccess: .* 1 more was held back\.$/);
});

test("a paused definition owes no success, and a pause begins the time anew", async () => {
  const { node, clock } = await start();
  await define(node, [{ when: "noSuccess", afterSeconds: 3_600, by }]);
  await node.run("watch-definitions");
  await node.database.sql`update job_definition set paused = true`;
  await clock.advance(7_200_000);
  await node.run("watch-definitions");
  await node.database.sql`update job_definition set paused = false`;
  await node.run("watch-definitions");
  expect(await alerts(node)).toEqual([]);
  await clock.advance(3_601_000);
  await node.run("watch-definitions");
  expect(await alerts(node)).toHaveLength(1);
});

test("a run that takes long is told while it runs, once", async () => {
  const { node, clock } = await start();
  await define(node, [{ when: "longRun", afterSeconds: 60, by, atMostEverySeconds: 0 }]);
  scripted.next("hangs");
  const { jobId } = await node.api.jobDefinitions.execute("watched");
  await node.run("heartbeat");
  await node.run("claim-jobs");
  await clock.advance(59_000);
  await node.run("watch-definitions");
  expect(await alerts(node)).toEqual([]);
  await clock.advance(2_000);
  await node.run("watch-definitions");
  await node.run("watch-definitions");
  scripted.release();
  await expect.poll(() => node.running()).toBe(0);
  await sendDue(node);
  expect(await alerts(node)).toEqual(["longRun: The job has run for longer than 60 s."]);
  expect((await node.api.notifications.list()).notifications[0]?.jobId).toBe(jobId);
});

test("of two runs that take long at once each is told once, however often they are looked at", async () => {
  const { node, clock } = await start();
  await define(node, [{ when: "longRun", afterSeconds: 60, by, atMostEverySeconds: 0 }]);
  scripted.next("hangs");
  const { jobId: first } = await node.api.jobDefinitions.execute("watched");
  const { jobId: second } = await node.api.jobDefinitions.execute("watched");
  await node.run("heartbeat");
  await node.run("claim-jobs");
  await clock.advance(61_000);
  for (let count = 0; count < 3; count += 1) await node.run("watch-definitions");
  const { notifications } = await node.api.notifications.list();
  expect(notifications.map(({ jobId }) => jobId).sort()).toEqual([first, second].sort());
  await node.stop(0);
});

test("what is told already, or not to be told yet, is looked at without a write", async () => {
  const { node, clock } = await start();
  await define(node, [{ when: "noSuccess", afterSeconds: 60, by, atMostEverySeconds: 600 }]);
  await node.run("watch-definitions");
  await clock.advance(61_000);
  await node.run("watch-definitions");
  const rowVersions = () => node.database.sql`
    select w.xmin::text as watch, w.xmax::text as lock, a.xmin::text as alert
      from definition_watch w join definition_alert a using (definition_id)`;
  const before = await rowVersions();
  await node.run("watch-definitions");
  expect(await rowVersions()).toEqual(before);
  expect(await alerts(node)).toHaveLength(1);
});

test("a failure that is seen behind a later success is no failure in a row", async () => {
  const { node, clock } = await start();
  await define(node, [
    { when: "failures", by, atMostEverySeconds: 0 },
    { when: "recovered", by, atMostEverySeconds: 0 },
  ]);
  for (const outcome of ["fails", "succeeds"] as const) {
    scripted.next(outcome);
    await node.api.jobDefinitions.execute("watched");
    await runReady(node);
    await clock.advance(1_000);
  }
  // Another node is at the first end.
  await node.database.sql.begin(async (sql) => {
    await sql`select from happening order by due_at, at limit 1 for update`;
    await node.run("deliver-outbox");
  });
  await node.run("deliver-outbox");
  expect(await node.database.sql`select from happening`).toHaveLength(0);
  expect(await alerts(node)).toEqual([]);
  await run(node, "succeeds");
  expect(await alerts(node)).toEqual([]);
  await run(node, "fails");
  expect(await alerts(node)).toEqual(["failures: The job failed. it was told to"]);
});

test("what a rule held back is forgotten with the rule", async () => {
  const { node, clock } = await start();
  await define(node, [{ when: "failures", by }]);
  for (let count = 0; count < 2; count += 1) await run(node, "fails");
  await define(node, [{ when: "failures", failures: 5, by }]);
  await node.run("watch-definitions");
  await define(node, [{ when: "failures", by }]);
  await clock.advance(7_200_000);
  await node.run("watch-definitions");
  expect(await alerts(node)).toEqual(["failures: The job failed. it was told to"]);
});

test("an empty list of alerts is none, and begins no watch", async () => {
  const { node } = await start();
  await define(node, []);
  const saved = () => node.database.sql`select options -> 'alerts' as alerts from job_definition`;
  expect(await saved()).toEqual([{ alerts: null }]);
  await node.database.sql`update job_definition set options = '{"alerts": []}'`;
  await node.database.sql`create table seen (what text)`;
  await node.database.sql`
    create function seen() returns trigger language plpgsql as $$ begin insert into seen values (tg_op); return null; end $$`;
  await node.database.sql`
    create trigger seen after insert or delete on definition_watch for each row execute function seen()`;
  await node.run("watch-definitions");
  expect(await node.database.sql`select what from seen`).toEqual([]);
});

test("whoever pauses and resumes a definition gets none of its mails", async () => {
  const server = await startMailServer();
  const { node } = await start({ "smtp-url": server.url });
  await define(node, [{ when: "failures", by: ["mail"] }]);
  const other = await addPerson(node, "operator");
  await other.api.jobDefinitions.pause("watched", {});
  await other.api.jobDefinitions.resume("watched");
  await run(node, "fails");
  expect(receivedBy(server)).toEqual(["admin@example.com: Failing: Watched"]);
});

test("occurrences that were missed, skipped or late are told from the ledger; those in time are not", async () => {
  const { node } = await start();
  await define(node, [
    { when: "missed", by },
    { when: "skipped", by },
    { when: "late", afterSeconds: 30, by },
  ]);
  const { sql } = node.database;
  const [row] = await sql`select definition_id from job_definition`;
  const add = (minute: number, outcome: string, lateMs: number | null) => {
    const at = new Date(Math.floor(Date.now() / 60_000) * 60_000 + minute * 60_000);
    const hasJob = outcome === "late" || outcome === "fired";
    return sql`
      insert into occurrence (definition_id, scheduled_for, customer_code, until, outcome, reason, job_day, job_id, late_ms)
      values (${row?.definition_id}, ${at}, 'demo', ${at}, ${outcome}, ${hasJob ? null : "why not"},
              ${hasJob ? "2026-11-24" : null}, ${hasJob ? crypto.randomUUID() : null}, ${lateMs})`;
  };
  await add(0, "fired", 4_000);
  await add(1, "late", 20_000);
  await sendDue(node);
  expect(await alerts(node)).toEqual([]);
  await add(2, "late", 31_000);
  await add(3, "skipped", null);
  await add(4, "missed", null);
  await sendDue(node);
  expect((await alerts(node)).map((one) => one.replace(/of \S+ /, ""))).toEqual([
    "late: The occurrence started 31 s late.",
    "skipped: The occurrence was skipped: why not.",
    "missed: The occurrence was missed: why not.",
  ]);
});

test("what a pause, or the removal of the schedule, has skipped is not told", async () => {
  const { node, clock } = await start();
  await clock.set("2036-11-24T12:00:30Z");
  const rules = [{ when: "skipped", by }];
  await define(node, rules);
  const give = (schedule: object | null) =>
    sender(node)("PATCH", "/job-definitions/watched", { jobDefinition: { schedule } });
  await give({ cron: "* * * * * *", jitterSeconds: 3_600 });
  await node.api.jobDefinitions.pause("watched");
  await clock.advance(2 * 86_400_000);
  await node.api.jobDefinitions.resume("watched");
  await clock.advance(1_000);
  await give(null);
  const reasons = await node.database.sql`select distinct reason from occurrence order by reason`;
  expect(reasons.map((row) => row.reason)).toEqual(["paused", "the schedule was removed"]);
  await sendDue(node);
  expect(await alerts(node)).toEqual([]);
});

test("an outage is told with how many occurrences it has swallowed, and since when", async () => {
  const { node, clock } = await start();
  await clock.set("2037-11-24T11:00:00.500Z");
  const schedule = { cron: "* * * * * *", catchUp: "none", overlap: "skip" };
  const rules = [
    { when: "missed", by },
    { when: "skipped", by, atMostEverySeconds: 60 },
  ];
  const options = { alerts: rules, skipNotification: true };
  const jobDefinition = { jobDefinitionCode: "watched", name: "Watched", jobType: "swayed", options, schedule };
  await sender(node)("PUT", "/job-definitions/watched", { jobDefinition });
  await clock.set("2037-11-24T13:00:00Z");
  await node.run("fire-schedules");
  await sendDue(node);
  const missed =
    "missed: 7,139 occurrences, from 2037-11-24T11:00:01.000Z to 2037-11-24T12:58:59.000Z, were missed: catchUp is none.";
  const reason = "previous job still unfinished";
  const skipped = (count: number, to: string) =>
    `skipped: ${count} occurrences, from 2037-11-24T12:59:01.000Z to 2037-11-24T${to}.000Z, were skipped: ${reason}.`;
  expect((await alerts(node)).sort()).toEqual([missed, skipped(60, "13:00:00")]);
  // The range grows, and is told as it is when it is told again.
  await clock.advance(30_000);
  await node.run("fire-schedules");
  await sendDue(node);
  expect(await alerts(node)).toHaveLength(2);
  await clock.advance(30_000);
  await node.run("fire-schedules");
  await sendDue(node);
  expect((await alerts(node)).at(-1)).toBe(`${skipped(120, "13:01:00")} 1 more was held back.`);
});

test("an alert that a webhook is told of is signed, and says what was noticed", async () => {
  const service = await startWebservice();
  const { node } = await start({ "egress-allow": `127.0.0.1:${service.port}` });
  await define(node, [{ when: "failures", by: ["webhook"] }], {
    webhooks: [
      { url: `${service.origin}/alerts`, events: ["alert"] },
      { url: `${service.origin}/ends`, events: ["completed"] },
    ],
  });
  const jobId = await run(node, "fails");
  expect(service.requests.map(({ url }) => url)).toEqual(["/alerts"]);
  const [request] = service.requests;
  const { signingSecret } = await node.api.webhooks.signingSecret();
  const headers = Object.fromEntries(
    Object.entries(request?.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
  expect(new Webhook(signingSecret).verify(request?.body ?? "", headers)).toMatchObject({
    type: "alert.failures",
    data: { kind: "failures", customerCode: "demo", jobDefinitionCode: "watched", jobId, heldBack: 0 },
  });
  const { deliveries } = await node.api.deliveries.list();
  expect(deliveries).toMatchObject([{ kind: "webhook", event: "alert", state: "delivered" }]);
  expect(await alerts(node)).toEqual([]);
});

test("a rule that could never be told is refused by a pointer", async () => {
  const { node } = await start();
  const bad: [object, string][] = [
    [{ when: "late", by }, "afterSeconds"],
    [{ when: "late", afterSeconds: 4, by }, "afterSeconds"],
    [{ when: "noSuccess", afterSeconds: 59, by }, "afterSeconds"],
    [{ when: "missed", afterSeconds: 60, by }, "afterSeconds"],
    [{ when: "missed", failures: 2, by }, "failures"],
    [{ when: "failures", by: ["webhook"] }, "by"],
    [{ when: "failures", by: [] }, "by"],
    [{ when: "never", by }, "when"],
  ];
  for (const [rule, field] of bad) {
    const path = `/jobDefinition/options/alerts/0/${field}`;
    const refused = { problem: { errors: expect.arrayContaining([expect.objectContaining({ path })]) } };
    await expect(define(node, [rule]), JSON.stringify(rule)).rejects.toMatchObject(refused);
  }
  const twice = [
    { when: "failures", by },
    { when: "failures", by: ["mail"], atMostEverySeconds: 0 },
  ];
  await expect(define(node, twice)).rejects.toMatchObject({
    problem: { errors: [{ path: "/jobDefinition/options/alerts/1" }] },
  });
  const job = node.api.jobTypes.execute("echo", {
    params: {},
    options: { alerts: [{ when: "failures", by: ["mail"] }] },
  });
  await expect(job).rejects.toMatchObject({ problem: { errors: [{ path: "/options/alerts" }] } });
});

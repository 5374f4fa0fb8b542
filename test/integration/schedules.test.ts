import { expect, test } from "vitest";
import { fakeClock } from "../support/clock.ts";
import { addCustomer } from "../support/customers.ts";
import { sender } from "../support/http.ts";
import { hasStarted, release } from "../support/job-types.ts";
import { ledgerOf } from "../support/ledger.ts";
import { startTestNode, type TestNode } from "../support/nodes.ts";

async function startAt(time: string, options: Parameters<typeof startTestNode>[0] = {}) {
  const node = await startTestNode({ services: "byHand", ...options });
  const clock = fakeClock(node.database);
  await clock.set(time);
  return { node, clock };
}

async function save(node: TestNode, schedule: object | null, jobType = "echo", code = "tick"): Promise<void> {
  await node.api.jobDefinitions.put(code, {
    jobDefinition: {
      jobDefinitionCode: code,
      jobType,
      schedule: schedule && { cron: "0 * * * *", ...schedule },
    },
  });
}

/** The jobs of `tick`, oldest occurrence first: the time of the occurrence, and what has become of it. */
async function jobsOf(node: TestNode): Promise<string[]> {
  const { jobs } = await node.api.jobs.list({ jobDefinitionCode: "tick", limit: 200 });
  return jobs
    .map((job) => {
      const time = job.trigger.scheduledFor?.slice(11, 19);
      return `${time} ${job.error?.code ?? job.waitingFor ?? job.phase}`;
    })
    .sort();
}

async function idOf(node: TestNode, time: string): Promise<string> {
  const { jobs } = await node.api.jobs.list({ jobDefinitionCode: "tick", limit: 200 });
  const found = jobs.find((job) => job.trigger.scheduledFor?.slice(11, 19) === time);
  if (!found) throw new Error(`there is no job of ${time}`);
  return found.jobId;
}

test("a schedule fires at its times, once each, and says so in its ledger", async () => {
  const { node, clock } = await startAt("2026-11-24T11:59:59.500Z");
  await save(node, { cron: "*/2 * * * * *" });
  const before = await node.api.jobDefinitions.get("tick");
  expect(before.jobDefinition).toMatchObject({ nextFireAt: "2026-11-24T12:00:00.000Z", version: 1 });

  await node.run("fire-schedules");
  expect(await ledgerOf(node, "tick")).toEqual([]);

  await clock.set("2026-11-24T12:00:02.010Z");
  await node.run("fire-schedules");
  await node.run("fire-schedules");
  expect(await ledgerOf(node, "tick")).toEqual(["12:00:00 fired schedule", "12:00:02 fired schedule"]);

  const { jobs } = await node.api.jobs.list({ jobDefinitionCode: "tick" });
  expect(jobs.map((job) => job.trigger)).toEqual([
    { kind: "schedule", by: "admin@example.com", scheduledFor: "2026-11-24T12:00:02.000Z" },
    { kind: "schedule", by: "admin@example.com", scheduledFor: "2026-11-24T12:00:00.000Z" },
  ]);
  const after = await node.api.jobDefinitions.get("tick");
  expect(after.jobDefinition).toMatchObject({ nextFireAt: "2026-11-24T12:00:04.000Z", version: 1 });
});

test("a window bounds it: startAt is included, endAt is not", async () => {
  const { node, clock } = await startAt("2037-11-24T11:30:00Z");
  await save(node, { cron: "0 * * * *", startAt: "2037-11-24T12:00:00Z", endAt: "2037-11-24T14:00:00Z" });
  for (const time of ["12:00", "13:00", "14:00"]) {
    await clock.set(`2037-11-24T${time}:00Z`);
    await node.run("fire-schedules");
  }
  expect(await ledgerOf(node, "tick")).toEqual(["12:00:00 fired schedule", "13:00:00 fired schedule"]);
  expect((await node.api.jobDefinitions.get("tick")).jobDefinition.nextFireAt).toBeNull();
});

test("an edit takes effect at once, and what was due of the old schedule is made all the same", async () => {
  const { node, clock } = await startAt("2026-11-24T11:59:00Z");
  await save(node, { cron: "0 * * * *", catchUp: "none" });
  await clock.set("2026-11-24T12:00:30Z");
  await save(node, { cron: "30 * * * *", catchUp: "none" });
  const { jobDefinition } = await node.api.jobDefinitions.get("tick");
  expect(jobDefinition.nextFireAt).toBe("2026-11-24T12:30:00.000Z");
  await node.run("fire-schedules");
  expect(await ledgerOf(node, "tick")).toEqual(["12:00:00 late schedule"]);
  await clock.set("2026-11-24T12:30:00Z");
  await node.run("fire-schedules");
  expect(await ledgerOf(node, "tick")).toEqual(["12:00:00 late schedule", "12:30:00 fired schedule"]);
});

test("an edit of anything but the schedule leaves its rhythm alone, and later jobs have the new params", async () => {
  const { node, clock } = await startAt("2026-11-24T12:00:00.500Z");
  await save(node, { cron: "* * * * * *" });
  await clock.advance(1_000);
  await node.api.jobDefinitions.change("tick", { jobDefinition: { params: { a: 2 } } });
  await node.run("fire-schedules");
  expect(await ledgerOf(node, "tick")).toEqual(["12:00:01 fired schedule"]);
  const job = await node.api.jobs.get(await idOf(node, "12:00:01"));
  expect(job).toMatchObject({ params: { a: 2 }, definitionVersion: 2 });
});

test("a schedule that is removed fires no more; one that is deleted in the second it is due leaves nothing to its successor", async () => {
  const { node, clock } = await startAt("2026-11-24T11:59:30Z");
  await save(node, { cron: "0 * * * *" });
  await save(node, null);
  await clock.set("2026-11-24T12:00:00Z");
  await node.run("fire-schedules");
  expect(await ledgerOf(node, "tick")).toEqual([]);

  await save(node, { cron: "0 * * * *" });
  await clock.set("2026-11-24T13:00:00Z");
  await Promise.all([node.run("fire-schedules"), node.api.jobDefinitions.delete("tick")]);
  await save(node, { cron: "30 * * * *" });
  await node.run("fire-schedules");
  expect(await ledgerOf(node, "tick")).toEqual([]);
  const { jobDefinition } = await node.api.jobDefinitions.get("tick");
  expect(jobDefinition).toMatchObject({ nextFireAt: "2026-11-24T13:30:00.000Z", lastJob: null });
  const orphans = await node.database.sql`
    select from schedule s where not exists (select from job_definition d where d.definition_id = s.definition_id)`;
  expect(orphans).toHaveLength(0);
});

test("jitter moves every start by the same time, also that of before an edit; what it holds back goes with the schedule", async () => {
  const { node, clock } = await startAt("2037-11-24T11:59:30Z");
  const startOf = async () =>
    new Date((await node.api.jobDefinitions.get("tick")).jobDefinition.nextFireAt ?? "").getTime();
  const noon = Date.parse("2037-11-24T12:00:00Z");
  let offset = 0;
  // It comes of the definition's id; the test needs some minutes.
  while (offset < 10 * 60_000) {
    if (offset > 0) await node.api.jobDefinitions.delete("tick");
    await save(node, { jitterSeconds: 3_600 });
    offset = (await startOf()) - noon;
  }
  await clock.set(new Date(noon + offset - 1));
  await node.run("fire-schedules");
  expect(await ledgerOf(node, "tick")).toEqual([]);
  await clock.set(new Date(noon + offset));
  await node.run("fire-schedules");
  expect(await startOf()).toBe(noon + 3_600_000 + offset);

  await clock.set("2037-11-24T13:05:00Z");
  await save(node, { cron: "30 * * * *", jitterSeconds: 3_600 });
  expect(await startOf()).toBe(noon + 1.5 * 3_600_000 + offset);
  await clock.set(new Date(noon + 3_600_000 + offset));
  await node.run("fire-schedules");
  expect((await ledgerOf(node, "tick")).slice(0, 2)).toEqual(["12:00:00 fired schedule", "13:00:00 fired schedule"]);

  await clock.set("2037-11-24T15:32:00Z");
  await node.run("fire-schedules");
  const before = await ledgerOf(node, "tick");
  await save(node, { cron: "45 * * * *", jitterSeconds: 3_600 });
  await save(node, null);
  await clock.set("2037-11-24T18:00:00Z");
  await node.run("fire-schedules");
  expect(await ledgerOf(node, "tick")).toEqual([...before, "15:30:00 skipped: the schedule was removed"]);
});

test("two nodes that fire while the schedule is edited make no occurrence twice and lose none", async () => {
  const { node: first, clock } = await startAt("2026-11-24T12:00:00.500Z");
  const second = await startTestNode({ services: "byHand", with: first });
  await save(first, { cron: "* * * * * *" });
  for (let round = 0; round < 12; round += 1) {
    await clock.advance(1_000);
    await Promise.all([
      first.run("fire-schedules"),
      second.run("fire-schedules"),
      save(round % 2 ? first : second, { cron: "* * * * * *", catchUp: round % 2 ? "all" : "none" }),
    ]);
  }
  await first.run("fire-schedules");
  const times = (await ledgerOf(first, "tick")).map((line) => line.slice(0, 8));
  expect(times).toEqual(Array.from({ length: 12 }, (_, index) => `12:00:${String(index + 1).padStart(2, "0")}`));
  expect(await jobsOf(first)).toHaveLength(12);
});

test.each([
  { overlap: "allow", made: ["12:01:00 slot", "12:02:00 slot"], after: ["12:01:00 slot", "12:02:00 slot"] },
  { overlap: "skip", made: [], after: [] },
  { overlap: "queueOne", made: ["12:01:00 overlap"], after: ["12:01:00 slot"] },
  {
    overlap: "cancelRunning",
    made: ["12:01:00 CANCELLED", "12:02:00 overlap"],
    after: ["12:01:00 CANCELLED", "12:02:00 slot"],
  },
])("beside a job that runs, overlap $overlap", async ({ overlap, made, after }) => {
  const { node, clock } = await startAt("2026-11-24T11:59:30Z");
  await save(node, { cron: "* * * * *", overlap }, "hanging");
  await clock.set("2026-11-24T12:00:00Z");
  await node.run("fire-schedules");
  const first = await idOf(node, "12:00:00");
  await node.run("heartbeat");
  await node.run("claim-jobs");
  await hasStarted(first);
  for (const time of ["12:01", "12:02"]) {
    await clock.set(`2026-11-24T${time}:00Z`);
    // The end of a cancelled job holds the schedule for a moment, and what is held is left to the next look.
    await expect
      .poll(async () => {
        await node.run("fire-schedules");
        return (await ledgerOf(node, "tick")).at(-1);
      })
      .toMatch(`${time}:00`);
  }
  const others = async () => (await jobsOf(node)).filter((line) => !line.startsWith("12:00:00"));
  const cancelled = overlap === "cancelRunning";
  if (!cancelled) expect(await others()).toEqual(made);

  release(first);
  await expect.poll(async () => (await node.api.jobs.get(first)).phase).toBe("DONE");
  await node.run("let-held-jobs");
  // The end of the job lets them go too, and may hold the schedule while the service looks.
  await expect.poll(others).toEqual(after);
  expect((await node.api.jobs.get(first)).error?.code).toBe(cancelled ? "CANCELLED" : undefined);
});

test("a held job starts when the grace of what was cancelled is over, though its node is gone", async () => {
  const { node, clock } = await startAt("2026-11-24T11:59:30Z");
  await save(node, { cron: "* * * * *", overlap: "cancelRunning" }, "hanging");
  await clock.set("2026-11-24T12:00:00Z");
  await node.run("fire-schedules");
  await node.database.sql`
    update job_queue set state = 'claimed', claim = gen_random_uuid(), node_id = gen_random_uuid(), runs = 1`;
  await clock.set("2026-11-24T12:01:00Z");
  await node.run("fire-schedules");
  await clock.advance(9_000);
  await node.run("let-held-jobs");
  expect(await jobsOf(node)).toContain("12:01:00 overlap");
  await clock.advance(1_000);
  await node.run("let-held-jobs");
  expect(await jobsOf(node)).toContain("12:01:00 slot");
});

test.each(["cancel", "expire", "fail"])("a held job is let go where the one before ends by %s", async (end) => {
  const { node, clock } = await startAt("2026-11-24T11:59:30Z");
  const options = { queueTimeoutSeconds: 90 };
  const jobDefinition = {
    jobDefinitionCode: "tick",
    jobType: "failing",
    params: { times: 1, retryable: false },
    options,
  };
  await node.api.jobDefinitions.create({
    jobDefinition: { ...jobDefinition, schedule: { cron: "* * * * *", overlap: "queueOne" } },
  });
  for (const time of ["12:00", "12:01"]) {
    await clock.set(`2026-11-24T${time}:00Z`);
    await node.run("fire-schedules");
  }
  expect(await jobsOf(node)).toEqual(["12:00:00 slot", "12:01:00 overlap"]);
  if (end === "cancel") await node.api.jobs.cancel(await idOf(node, "12:00:00"));
  if (end === "expire") {
    await clock.set("2026-11-24T12:01:31Z");
    await node.run("expire-jobs");
  }
  if (end === "fail") {
    await node.run("heartbeat");
    await node.run("claim-jobs");
  }
  // By the end itself, not by the sweep, which does not run here.
  await expect.poll(() => jobsOf(node)).toContain("12:01:00 slot");
});

test("a held job is let go beside the one that is unfinished where an edit lets jobs overlap", async () => {
  const { node, clock } = await startAt("2026-11-24T11:59:30Z");
  await save(node, { cron: "* * * * *", overlap: "queueOne" });
  for (const time of ["12:00", "12:01"]) {
    await clock.set(`2026-11-24T${time}:00Z`);
    await node.run("fire-schedules");
  }
  await save(node, { cron: "* * * * *", overlap: "skip" });
  await node.run("let-held-jobs");
  expect(await jobsOf(node)).toEqual(["12:00:00 slot", "12:01:00 overlap"]);
  await save(node, { cron: "* * * * *", overlap: "allow" });
  // By the edit itself, not by the sweep.
  await expect.poll(() => jobsOf(node)).toEqual(["12:00:00 slot", "12:01:00 slot"]);
});

test("jobs of the API do not count for overlap, retries do", async () => {
  const { node, clock } = await startAt("2026-11-24T11:59:30Z");
  await save(node, { cron: "* * * * *", overlap: "skip" });
  await node.api.jobDefinitions.execute("tick", {});
  await clock.set("2026-11-24T12:00:00Z");
  await node.run("fire-schedules");
  expect(await ledgerOf(node, "tick")).toEqual(["12:00:00 fired schedule"]);
  await node.database.sql`
    update job_queue set state = 'scheduled', attempts_used = 1, run_at = app_now() + interval '1 h'
     where trigger_kind = 'schedule'`;
  await clock.set("2026-11-24T12:01:00Z");
  await node.run("fire-schedules");
  await clock.set("2026-11-24T12:02:00Z");
  await node.run("fire-schedules");
  expect(await ledgerOf(node, "tick")).toEqual([
    "12:00:00 fired schedule",
    "12:01:00–12:02:00 ×2 skipped: previous job still unfinished",
  ]);
});

test("params that no longer suit the type make a job that fails, and a customer whose queue is full gets none", async () => {
  const { node, clock } = await startAt("2026-11-24T11:59:30Z");
  await node.api.jobDefinitions.create({
    jobDefinition: {
      jobDefinitionCode: "tick",
      jobType: "failing",
      params: { times: 0, retryable: false },
      schedule: { cron: "* * * * *" },
    },
  });
  await node.database.sql`update job_definition set params = '{"times": "many"}'`;
  await clock.set("2026-11-24T12:00:00Z");
  await node.run("fire-schedules");
  await node.database.sql`update customer set max_queued = 1`;
  await node.run("measure-queues");
  await clock.set("2026-11-24T12:01:00Z");
  await node.run("fire-schedules");
  expect(await ledgerOf(node, "tick")).toEqual([
    "12:00:00 fired schedule",
    "12:01:00 skipped: the customer's queue is full",
  ]);
  await node.run("heartbeat");
  await node.run("claim-jobs");
  await expect.poll(() => jobsOf(node)).toEqual(["12:00:00 INVALID_PARAMS"]);
});

test("one schedule whose job the database refuses keeps none of its neighbours", async () => {
  const { node, clock } = await startAt("2026-11-24T11:59:30Z");
  for (const code of ["a", "tick", "c", "d", "e"]) await save(node, { cron: "* * * * *" }, "echo", code);
  await node.database.sql.unsafe(`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
    create trigger refuse before insert on job_queue for each row when (new.job_definition_code = 'tick') execute function refuse()`);
  await clock.set("2026-11-24T12:00:00Z");
  await node.run("fire-schedules");
  for (const code of ["a", "c", "d", "e"]) expect(await ledgerOf(node, code)).toEqual(["12:00:00 fired schedule"]);
  expect(await ledgerOf(node, "tick")).toEqual([
    "12:00:00 skipped: the job could not be made; the node's log says why",
  ]);
});

test("a schedule that cannot be read is put off and keeps none of its neighbours", async () => {
  const { node, clock } = await startAt("2026-11-24T11:59:30Z");
  await save(node, { cron: "* * * * *" });
  await save(node, { cron: "* * * * *" }, "echo", "other");
  await node.database.sql`
    update job_definition set schedule = '{"cron": "* * * * *", "timeZone": "Mars/Olympus"}' where job_definition_code = 'tick'`;
  await clock.set("2026-11-24T12:00:00Z");
  await node.run("fire-schedules");
  expect(await ledgerOf(node, "other")).toEqual(["12:00:00 fired schedule"]);
  const { jobDefinition } = await node.api.jobDefinitions.get("tick");
  expect(jobDefinition.nextFireAt).toBe("2026-11-24T12:01:00.000Z");
});

test("a node whose own clock is five minutes off fires at the database's moments", async () => {
  const { node, clock } = await startAt("2026-11-24T11:59:30Z");
  node.context.clock.measured(new Date(Date.now() + 300_000), performance.now(), performance.now());
  await save(node, { cron: "* * * * *" });
  await node.run("fire-schedules");
  expect(await ledgerOf(node, "tick")).toEqual([]);
  await clock.set("2026-11-24T12:00:00.001Z");
  await node.run("fire-schedules");
  expect(await ledgerOf(node, "tick")).toEqual(["12:00:00 fired schedule"]);
});

test("a customer with many definitions due at once delays nobody, and they settle in bounded batches", async () => {
  const { node, clock } = await startAt("2026-11-24T11:59:30Z");
  const other = await addCustomer(node, "other");
  await save(node, { cron: "0 12 * * *" });
  await node.database.sql`
    with made as (
      insert into job_definition (definition_id, customer_code, job_definition_code, job_type, name, description, params, options,
                                  schedule, schedule_saved_by)
      select gen_random_uuid(), customer_code, 'many-' || n, job_type, name, description, params, options, schedule, schedule_saved_by
        from job_definition, generate_series(1, 3000) n
      returning definition_id, customer_code)
    insert into schedule (definition_id, customer_code, position, next_fire_at)
    select definition_id, customer_code, app_now(), '2026-11-24T12:00:00Z' from made`;
  const jobDefinition = { jobDefinitionCode: "one", jobType: "echo", schedule: { cron: "0 12 * * *" } };
  expect((await sender(other)("POST", "/job-definitions", { jobDefinition })).status).toBe(201);
  await clock.set("2026-11-24T12:00:00Z");

  const { fireSchedules } = await import("../../src/domain/fire-schedules.ts");
  const batches: number[] = [];
  let startAfter = "";
  for (;;) {
    const batch = await fireSchedules(node.context, startAfter);
    startAfter = batch.startAfter;
    if (batch.schedules === 0) break;
    batches.push(batch.schedules);
    if (batches.length > 1) continue;
    // The first look has served both.
    expect(await ledgerOf(node, "one")).toEqual(["12:00:00 fired schedule"]);
  }
  // Two transactions of five hundred, side by side.
  expect(Math.max(...batches)).toBeLessThanOrEqual(1_000);
  expect(batches.reduce((sum, one) => sum + one, 0)).toBe(3_002);
  const [row] = await node.database.sql`select count(*)::integer as jobs from job_queue`;
  expect(row).toEqual({ jobs: 3_002 });
}, 60_000);

import { expect, test } from "vitest";
import { settleBacklogs } from "../../src/domain/settle-backlogs.ts";
import type { Schedule } from "../../src/model/schedule.ts";
import { fakeClock } from "../support/clock.ts";
import { ledgerOf } from "../support/ledger.ts";
import { startTestNode, type TestNode } from "../support/nodes.ts";

async function save(node: TestNode, schedule: Partial<Omit<Schedule, "exclude">>, code = "tick"): Promise<void> {
  await node.api.jobDefinitions.put(code, {
    jobDefinition: { jobDefinitionCode: code, jobType: "echo", schedule: { cron: "*/30 * * * *", ...schedule } },
  });
}

async function statesOf(node: TestNode): Promise<string[]> {
  const { jobs } = await node.api.jobs.list({ jobDefinitionCode: "tick", limit: 200 });
  return jobs
    .map((job) => `${job.trigger.scheduledFor?.slice(11, 16)} ${job.error?.code ?? job.waitingFor ?? job.phase}`)
    .sort();
}

const older = "older than catchUpWindowSeconds";
const newer = "catchUp is latest: only the newest is made";
const unfinished = "skipped: previous job still unfinished";
const queued = "skipped: one already queued";

/** Every half hour, away from 9:40 to 12:10; the window is 3,600 s: what was due at 10:00, 10:30 and 11:00 is older. */
test.each<{ catchUp: Schedule["catchUp"]; overlap: Schedule["overlap"]; ledger: string[]; jobs: string[] }>([
  ...(["allow", "skip", "queueOne", "cancelRunning"] as const).flatMap((overlap) => [
    {
      catchUp: "none" as const,
      overlap,
      ledger: ["10:00:00–12:00:00 ×5 missed: catchUp is none"],
      jobs: [],
    },
    {
      catchUp: "latest" as const,
      overlap,
      ledger: [`10:00:00–11:00:00 ×3 missed: ${older}`, `11:30:00 missed: ${newer}`, "12:00:00 late catchUp"],
      jobs: ["12:00 slot"],
    },
  ]),
  {
    catchUp: "all",
    overlap: "allow",
    ledger: [`10:00:00–11:00:00 ×3 missed: ${older}`, "11:30:00 late catchUp", "12:00:00 late catchUp"],
    jobs: ["11:30 slot", "12:00 slot"],
  },
  {
    catchUp: "all",
    overlap: "skip",
    ledger: [`10:00:00–11:00:00 ×3 missed: ${older}`, "11:30:00 late catchUp", `12:00:00 ${unfinished}`],
    jobs: ["11:30 slot"],
  },
  {
    catchUp: "all",
    overlap: "queueOne",
    ledger: [`10:00:00–11:00:00 ×3 missed: ${older}`, "11:30:00 late catchUp", "12:00:00 late catchUp"],
    jobs: ["11:30 slot", "12:00 overlap"],
  },
  {
    catchUp: "all",
    overlap: "cancelRunning",
    ledger: [`10:00:00–11:00:00 ×3 missed: ${older}`, "11:30:00 late catchUp", "12:00:00 late catchUp"],
    jobs: ["11:30 CANCELLED", "12:00 slot"],
  },
])("after an outage of two hours: catchUp $catchUp, overlap $overlap", async ({ catchUp, overlap, ledger, jobs }) => {
  const node = await startTestNode({ services: "byHand" });
  const clock = fakeClock(node.database);
  await clock.set("2026-11-24T09:40:00Z");
  await save(node, { catchUp, overlap });
  await clock.set("2026-11-24T12:10:00Z");
  await node.run("fire-schedules");
  expect(await ledgerOf(node, "tick")).toEqual(ledger);
  expect(await statesOf(node)).toEqual(jobs);
  expect((await node.api.jobDefinitions.get("tick")).jobDefinition.nextFireAt).toBe("2026-11-24T12:30:00.000Z");
});

test.each<{ catchUp: Schedule["catchUp"]; overlap: Schedule["overlap"]; beyond: string[]; jobs: number }>([
  { catchUp: "none", overlap: "allow", beyond: ["00:00:01–11:59:09 ×43149 missed: catchUp is none"], jobs: 61 },
  {
    catchUp: "latest",
    overlap: "allow",
    beyond: [
      `00:00:01–10:00:09 ×36009 missed: ${older}`,
      `10:00:10–11:59:08 ×7139 missed: ${newer}`,
      "11:59:09 late catchUp",
    ],
    jobs: 62,
  },
  {
    catchUp: "all",
    overlap: "queueOne",
    beyond: [
      `00:00:01–10:00:09 ×36009 missed: ${older}`,
      `10:00:10–10:16:49 ×1000 ${queued}`,
      "10:16:50–11:59:09 ×6140 missed: catchUp makes 1000 jobs at most",
    ],
    jobs: 2,
  },
  {
    catchUp: "all",
    overlap: "skip",
    beyond: [
      `00:00:01–10:00:09 ×36009 missed: ${older}`,
      `10:00:10–10:16:49 ×1000 ${unfinished}`,
      "10:16:50–11:59:09 ×6140 missed: catchUp makes 1000 jobs at most",
    ],
    jobs: 1,
  },
])(
  "half a day of an every-second schedule: catchUp $catchUp, overlap $overlap",
  async ({ catchUp, overlap, beyond, jobs }) => {
    const node = await startTestNode({ services: "byHand" });
    const clock = fakeClock(node.database);
    await clock.set("2026-11-24T00:00:00.500Z");
    await save(node, { cron: "* * * * * *", catchUp, overlap, catchUpWindowSeconds: 7_200 });
    await clock.set("2026-11-24T12:00:10Z");
    await node.run("fire-schedules");
    const ledger = await ledgerOf(node, "tick");
    expect(ledger.filter((line) => line < "11:59:10")).toEqual(beyond);
    // The last minute is made whatever catchUp says, and before what is caught up.
    expect(ledger.find((line) => line >= "11:59:10")).toBe("11:59:10 late schedule");
    const [made] = await node.database.sql`select count(*)::integer as jobs from job_queue`;
    expect(made).toEqual({ jobs });
  },
);

test("an outage longer than what is kept is told of as far back as that", async () => {
  const node = await startTestNode({ services: "byHand", flags: { "retention-days": "2" } });
  const clock = fakeClock(node.database);
  await clock.set("2026-11-01T12:00:00Z");
  await save(node, { cron: "0 * * * *", catchUp: "none" });
  await clock.set("2026-11-24T12:30:00Z");
  await node.run("fire-schedules");
  expect(await ledgerOf(node, "tick")).toEqual([
    "13:00:00–23:00:00 ×11 missed: catchUp is none",
    "00:00:00–23:00:00 ×24 missed: catchUp is none",
    "00:00:00–12:00:00 ×13 missed: catchUp is none",
  ]);
});

test("a day's outage of many schedules settles in bounded slices, and what is due goes first", async () => {
  const node = await startTestNode({ services: "byHand" });
  const clock = fakeClock(node.database);
  await clock.set("2026-11-23T12:00:00.500Z");
  for (let index = 0; index < 12; index += 1) {
    await save(node, { cron: "* * * * * *", catchUp: "all", catchUpWindowSeconds: 86_400 }, `many-${index}`);
  }
  await clock.set("2026-11-24T12:00:00Z");
  const { fireSchedules } = await import("../../src/domain/fire-schedules.ts");
  const fireAll = async () => {
    while ((await fireSchedules(node.context, "")).schedules > 0) {}
  };
  const countJobs = async () => {
    const [row] = await node.database.sql<{ jobs: number }[]>`select count(*)::integer as jobs from job`;
    return row?.jobs ?? 0;
  };
  await fireAll();
  // What was due in the last minute, and nothing else.
  expect(await countJobs()).toBe(12 * 61);
  const slices: number[] = [];
  for (let startAfter = ""; ; ) {
    const before = await countJobs();
    const slice = await settleBacklogs(node.context, startAfter);
    startAfter = slice.startAfter;
    if (slice.settled === 0 && startAfter === "") break;
    slices.push((await countJobs()) - before);
    await clock.advance(1_000);
    await fireAll();
    const late = await node.database.sql`
      select from occurrence where scheduled_for = app_now() and outcome <> 'fired'`;
    expect(late).toHaveLength(0);
  }
  expect(Math.max(...slices)).toBeLessThanOrEqual(1_000);
  const kinds = await node.database.sql`
    select count(*)::integer as jobs from job where trigger_kind = 'catchUp'`;
  expect(kinds).toEqual([{ jobs: 12_000 }]);
  const [row] = await node.database.sql`
    select count(*)::integer as definitions, sum(covered)::integer as occurrences
      from (select definition_id, sum(count) as covered from occurrence where scheduled_for < '2026-11-24T12:00:01Z'
             group by definition_id) c where covered = 86400`;
  expect(row).toEqual({ definitions: 12, occurrences: 12 * 86_400 });
}, 60_000);

/**
 * How late schedules fire, and what they cost:
 * `npm run bench -- schedules [--definitions 1000000] [--few 10000] [--rate 1000] [--seconds 60] [--idle 20] [--burst 50000] [--away 1000]
 * [--customers 100]`.
 *
 * `rate` schedules are due in each second for `seconds`, out of a million and out of ten thousand; beside BullMQ's job schedulers and
 * croner with as many every-second schedules as `rate`. Then `burst` are due in one moment: how long until the last job
 * is made, and what a caller of `_execute` notices. Then `away` schedules that fire every second come back from an outage of a day: how
 * late is what falls due while it is made up for? What is named as 0 is left out.
 * A customer with 100,000 definitions that are all due at one moment:
 * `--definitions 100000 --customers 1 --few 0 --rate 0 --idle 1 --burst 100000 --away 0`.
 * Small: `--definitions 20000 --few 2000 --rate 100 --seconds 5 --idle 3 --burst 2000 --away 100`.
 */
import { setTimeout as delay } from "node:timers/promises";
import Type from "typebox";
import { until } from "../support/callers.ts";
import { type Child, startChild } from "../support/child.ts";
import { cpuOf, cpuOfPostgres } from "../support/cpu.ts";
import { readFlags } from "../support/flags.ts";
import { machine, nodeVersion, peerEnvironment, peerNode, peerVersion } from "../support/peers.ts";
import { type BenchDatabase, startPostgres } from "../support/postgres.ts";
import { startRedis } from "../support/redis.ts";
import { printTable } from "../support/rounds.ts";
import { figure, percentile } from "../support/statistics.ts";
import { inWorkplace } from "../support/workplace.ts";
import { fillSchedules, makeAway, makeDue, makeIdle } from "./fill.ts";

const flags = readFlags({
  definitions: 1_000_000,
  few: 10_000,
  rate: 1_000,
  seconds: 60,
  idle: 20,
  burst: 50_000,
  away: 1_000,
  customers: 100,
  slots: 200,
});

const Where = Type.Object({ url: Type.String(), apiKey: Type.String() });
const Done = Type.Object({});
const Heard = Type.Object({ samples: Type.Array(Type.Number()) });

interface Contestant {
  readonly child: Child;
  readonly database: BenchDatabase;
}

/** What was measured of one contender; lateness in milliseconds. */
interface Figures {
  readonly fired: number;
  readonly due: number;
  readonly made: readonly number[];
  readonly started: readonly number[];
  /** CPU milliseconds a second. */
  readonly nodeCpu: number | null;
  readonly databaseCpu: number | null;
}

/** Long enough to write the times, short enough not to wait for. */
const leadMs = 15_000;

await inWorkplace(async (workplace) => {
  const postgres = await startPostgres(workplace);
  const peers = peerNode();
  console.log(`${machine()}\n${postgres.version}: ${postgres.durability}`);
  console.log(`punctual on Node ${nodeVersion(process.execPath)}, one node with all roles, ${flags.slots} slots`);

  /** A node on a database of its own, with that many definitions. */
  async function start(definitions: number): Promise<Contestant> {
    const database = await postgres.createDatabase(`bench_${workplace.name()}`);
    const child = startChild(workplace, {
      node: process.execPath,
      script: "bench/schedules/children/punctual.ts",
      environment: { BENCH_DATABASE_URL: database.url, BENCH_SLOTS: String(flags.slots) },
    });
    await child.ask("where", {}, Where);
    await fillSchedules(database.sql, definitions, flags.customers);
    await delay(2_000);
    return { child, database };
  }

  /** CPU milliseconds a second of node and database, over some seconds. */
  async function cost({ child, database }: Contestant, work: () => Promise<unknown>): Promise<[number, number]> {
    const begun = performance.now();
    const node = cpuOf(child.pid);
    const before = (await cpuOfPostgres(database.sql)) ?? Number.NaN;
    await work();
    const seconds = (performance.now() - begun) / 1000;
    const after = (await cpuOfPostgres(database.sql)) ?? Number.NaN;
    return [(cpuOf(child.pid) - node) / seconds, (after - before) / seconds];
  }

  async function atRate(contestant: Contestant, definitions: number): Promise<Figures> {
    const { sql } = contestant.database;
    const firstAt = new Date(Math.ceil((Date.now() + leadMs) / 1000) * 1000);
    const once = flags.rate * flags.seconds <= definitions;
    // A part of a minute, so that the cron can say it.
    const everySeconds = once
      ? null
      : ([60, 30, 20, 15, 12, 10, 6, 5, 4, 3, 2].find((n) => n * flags.rate <= definitions) ?? 1);
    const used = once ? flags.rate * flags.seconds : (everySeconds ?? 1) * flags.rate;
    await makeDue(sql, { definitions: used, firstAt, perSecond: flags.rate, everySeconds });
    const endAt = firstAt.getTime() + flags.seconds * 1000;
    if (Date.now() > firstAt.getTime()) throw new Error("the definitions could not be made due in time");
    await delay(firstAt.getTime() - 500 - Date.now());
    const [nodeCpu, databaseCpu] = await cost(contestant, () => delay(endAt - Date.now()));
    await delay(1_000);
    await makeIdle(sql);
    await until(async () => (await sql`select from job_queue limit 1`).length === 0);
    const rows = await sql<{ made: number; started: number | null }[]>`
      select o.late_ms::float8 as made, extract(epoch from j.started_at - o.scheduled_for)::float8 * 1000 as started
        from occurrence o left join job j on j.day = o.job_day and j.id = o.job_id and j.customer_code = o.customer_code
       where o.scheduled_for >= ${firstAt} and o.scheduled_for < ${new Date(endAt)} and o.job_id is not null`;
    return {
      fired: rows.length,
      due: flags.rate * flags.seconds,
      made: rows.map((row) => row.made),
      started: rows.flatMap((row) => row.started ?? []),
      nodeCpu,
      databaseCpu,
    };
  }

  async function atOnce({ child, database }: Contestant): Promise<void> {
    const { sql } = database;
    const { url, apiKey } = await child.ask("where", {}, Where);
    const calling = { state: "before" as "before" | "burst" | "over" };
    const took = { before: [] as number[], burst: [] as number[], over: [] as number[] };
    const caller = (async () => {
      while (calling.state !== "over") {
        const { state } = calling;
        const begun = performance.now();
        const answer = await fetch(url, {
          method: "POST",
          headers: { authorization: `Bearer ${apiKey}`, "x-customer-code": "demo", "content-type": "application/json" },
          body: "{}",
        });
        await answer.arrayBuffer();
        if (!answer.ok) throw new Error(`_execute answered ${answer.status}`);
        took[state].push(performance.now() - begun);
        await delay(5);
      }
    })();
    const firstAt = new Date(Math.ceil((Date.now() + leadMs) / 1000) * 1000);
    await makeDue(sql, { definitions: flags.burst, firstAt, perSecond: flags.burst, everySeconds: null });
    took.before = [];
    await delay(firstAt.getTime() - Date.now());
    calling.state = "burst";
    let made = 0;
    await until(async () => {
      const [row] = await sql<{ made: number }[]>`
        select count(*)::integer as made from occurrence where scheduled_for = ${firstAt}`;
      made = row?.made ?? 0;
      await delay(50);
      return made >= flags.burst || Date.now() > firstAt.getTime() + 300_000;
    });
    const madeMs = Date.now() - firstAt.getTime();
    await until(async () => (await sql`select from job_queue limit 1`).length === 0);
    const ranMs = Date.now() - firstAt.getTime();
    calling.state = "over";
    await caller;
    console.log(
      `\n${figure(made)} of ${figure(flags.burst)} due at the same moment: the last made after ${figure(madeMs)} ms, run after ${figure(ranMs)} ms`,
    );
    const rows = (["before", "burst"] as const).map((state) => [
      state === "before" ? "idle" : "until the last has run",
      String(took[state].length),
      ...[50, 99, 100].map((percent) => figure(percentile(took[state], percent))),
    ]);
    printTable(["_execute meanwhile, ms", "calls", "p50", "p99", "max"], rows);
  }

  async function afterOutage({ database }: Contestant): Promise<void> {
    const { sql } = database;
    await makeIdle(sql);
    const upAt = Date.now();
    await makeAway(sql, flags.away);
    const behind = () => sql`select from schedule where next_fire_at < app_now() - interval '1 second' limit 1`;
    await until(async () => (await behind()).length === 0);
    const caughtUpAt = Math.ceil(Date.now() / 1000) * 1000;
    await until(async () => {
      await delay(200);
      return (await sql`select from schedule_backlog limit 1`).length === 0;
    });
    const settledAt = Date.now();
    await delay(1_000);
    await makeIdle(sql);
    const rows = await sql<{ late: number }[]>`
      select late_ms::float8 as late from occurrence
       where scheduled_for >= ${new Date(caughtUpAt)} and scheduled_for < ${new Date(settledAt)} and job_id is not null`;
    const [row] = await sql<{ made: number }[]>`
      select count(*)::integer as made from job where trigger_kind = 'catchUp'`;
    const late = rows.map((one) => one.late);
    console.log(
      `\n${figure(flags.away)} every-second schedules after an outage of a day: its last minute made after ${figure(caughtUpAt - upAt)} ms, the rest settled after ${figure(settledAt - upAt)} ms with ${figure(row?.made ?? 0)} jobs`,
    );
    const figures = [50, 99, 100].map((percent) => figure(percentile(late, percent)));
    printTable(
      ["due meanwhile, lateness in ms", "fired", "p50", "p99", "max"],
      [["", figure(late.length), ...figures]],
    );
    await until(async () => (await sql`select from job_queue limit 1`).length === 0);
  }

  const table: string[][] = [];
  const show = (name: string, { fired, due, made, started, nodeCpu, databaseCpu }: Figures): void => {
    const cells = (values: readonly number[]) => [50, 99, 100].map((percent) => figure(percentile(values, percent)));
    const cpu = [nodeCpu, databaseCpu].map((ms) => (ms === null ? "–" : `${figure(ms / 10)} %`));
    table.push([name, `${figure(fired)} / ${figure(due)}`, ...cells(made), ...cells(started), ...cpu]);
  };
  const idle: string[][] = [];

  const sizes = [flags.definitions, flags.few].filter((size) => size > 0);
  let large: Contestant | undefined;
  for (const definitions of sizes) {
    const contestant = await start(definitions);
    large ??= contestant;
    const [node, database] = await cost(contestant, () => delay(flags.idle * 1000));
    idle.push([`${figure(definitions)} definitions, none due`, `${figure(node / 10)} %`, `${figure(database / 10)} %`]);
    if (flags.rate > 0) show(`punctual, of ${figure(definitions)}`, await atRate(contestant, definitions));
    if (contestant !== large) await contestant.child.stop();
  }

  async function peer(name: string, environment: Record<string, string>): Promise<void> {
    if (peers === undefined) return;
    const child = startChild(workplace, {
      node: peers,
      script: `bench/schedules/children/${name}.ts`,
      environment: { ...peerEnvironment, BENCH_SLOTS: String(flags.slots), ...environment },
    });
    await child.ask("schedule", { schedulers: flags.rate }, Done);
    await delay(3_000);
    const before = cpuOf(child.pid);
    const { samples } = await child.ask("listen", { seconds: flags.seconds }, Heard);
    show(`${name} ${peerVersion(name)}`, {
      fired: samples.length,
      due: flags.rate * flags.seconds,
      made: [],
      started: samples,
      nodeCpu: (cpuOf(child.pid) - before) / flags.seconds,
      databaseCpu: null,
    });
    await child.stop();
  }
  if (flags.rate === 0) console.log("nothing is due at a rate, so peers are left out");
  else if (peers === undefined) console.log("peers skipped: run npm ci --prefix bench/peers");
  else {
    console.log(`peers on Node ${nodeVersion(peers)}`);
    const redis = await startRedis(workplace);
    if (redis) await peer("bullmq", { BENCH_REDIS_SOCKET: redis.socket });
    else console.log("bullmq skipped: apt-get install redis-server");
    await peer("croner", {});
  }

  if (table.length > 0) {
    console.log(
      `\n${figure(flags.rate)} schedules due in each of ${flags.seconds} seconds; lateness in ms, every one counts; % of one CPU\n`,
    );
    printTable(["", "fired / due", "made p50", "p99", "max", "started p50", "p99", "max", "node", "database"], table);
    console.log("  target for punctual: made p99 ≤ 100 ms");
  }
  console.log();
  printTable(["idle", "node", "database"], idle);
  if (large && flags.burst > 0) await atOnce(large);
  if (large && flags.away > 0) await afterOutage(large);
});

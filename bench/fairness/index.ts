/**
 * What one customer's load does to the others:
 * `npm run bench -- fairness [--waiting 100000] [--others 50] [--rounds 5] [--customers 1000]`.
 *
 * `short`: one customer has 100,000 jobs of 10 ms waiting; again and again 50 others make one each.
 * `long`: one customer's jobs that do not end hold all that it may have; 50 others make one such job each, once.
 * `claim`: a thousand customers have ready jobs; what a claim of 200 costs, the start of its jobs included.
 */
import { setTimeout as delay } from "node:timers/promises";
import Type from "typebox";
import { type Child, startChild } from "../support/child.ts";
import { fillQueue } from "../support/fill.ts";
import { readFlags } from "../support/flags.ts";
import { machine, nodeVersion } from "../support/peers.ts";
import { type BenchDatabase, startPostgres } from "../support/postgres.ts";
import { printTable } from "../support/rounds.ts";
import { figure, percentile, spread } from "../support/statistics.ts";
import { inWorkplace } from "../support/workplace.ts";

const flags = readFlags({ waiting: 100_000, others: 50, rounds: 5, customers: 1_000, claims: 30, slots: 200 });

const Done = Type.Object({});
const Others = Type.Object({ samples: Type.Array(Type.Number()), running: Type.Integer() });
const Claim = Type.Object({ ms: Type.Number(), claimed: Type.Integer() });

await inWorkplace(async (workplace) => {
  const postgres = await startPostgres(workplace);
  console.log(`${machine()}\n${postgres.version}: ${postgres.durability}`);
  console.log(`node on Node ${nodeVersion(process.execPath)}, ${flags.slots} slots\n`);

  /** A node on a database of its own. */
  async function start(name: string): Promise<{ child: Child; database: BenchDatabase }> {
    const database = await postgres.createDatabase(`bench_${name}`);
    const child = startChild(workplace, {
      node: process.execPath,
      script: "bench/fairness/children/punctual.ts",
      environment: { BENCH_DATABASE_URL: database.url, BENCH_SLOTS: String(flags.slots) },
    });
    await child.ask("claims", { wanted: "off" }, Done);
    return { child, database };
  }

  async function short(): Promise<void> {
    const { child, database } = await start("short");
    const { waiting: jobs, others: customers } = flags;
    await fillQueue(database.sql, { prefix: "big", customers: 1, jobs, state: "ready", jobType: "short" });
    await child.ask("claims", { wanted: "on" }, Done);
    const samples: number[] = [];
    for (let round = 0; round < flags.rounds; round++) {
      await delay(700);
      samples.push(...(await child.ask("others", { customers, jobType: "short" }, Others)).samples);
    }
    const [left] = await database.sql<{ jobs: number }[]>`select count(*)::integer as jobs from job_queue`;
    if (left?.jobs === 0) throw new Error("the big customer's jobs were over too soon: say --waiting with more");
    console.log(
      `short: ${figure(jobs)} jobs of 10 ms of one customer waiting, ${figure(left?.jobs ?? 0)} left at the end`,
    );
    const row = [50, 90, 99, 100].map((percent) => figure(percentile(samples, percent)));
    printTable(["ms from the call to the start", "p50", "p90", "p99", "max"], [[`${customers} others`, ...row]]);
    console.log("  target: p99 ≤ 100 ms\n");
    await child.stop();
  }

  async function long(): Promise<void> {
    const { child, database } = await start("long");
    await fillQueue(database.sql, {
      prefix: "big",
      customers: 1,
      jobs: 2 * flags.slots,
      state: "ready",
      jobType: "held",
    });
    await child.ask("claims", { wanted: "on" }, Done);
    const most = Math.floor(flags.slots * 0.75);
    await child.ask("runs", { jobs: most }, Done);
    const customers = Math.min(flags.others, flags.slots - most);
    const { samples } = await child.ask("others", { customers, jobType: "held" }, Others);
    console.log(`long: ${most} of ${flags.slots} slots held by one customer, whose other jobs wait`);
    const row = [50, 90, 99, 100].map((percent) => figure(percentile(samples, percent)));
    printTable(["ms from the call to the start", "p50", "p90", "p99", "max"], [[`${customers} others`, ...row]]);
    console.log("  target: at once, on the quarter that is free\n");
    await child.stop();
  }

  async function claim(): Promise<void> {
    const { child, database } = await start("claim");
    // Twice what is claimed, so that every customer has jobs left to the end.
    const jobs = 2 * (flags.claims + 5) * flags.slots;
    const { customers } = flags;
    await fillQueue(database.sql, { prefix: "c", customers, jobs, state: "ready", jobType: "held" });
    const times: number[] = [];
    for (let round = -5; round < flags.claims; round++) {
      const { ms, claimed } = await child.ask("claim", {}, Claim);
      // By the rule each customer leaves a quarter of what it may have, so that the last slots stay free where customers are few.
      if (claimed < 0.95 * Math.min(flags.slots, 200)) throw new Error(`a claim took ${claimed} jobs only`);
      if (round >= 0) times.push(ms);
    }
    console.log(
      `claim of ${flags.slots} with ${figure(customers)} customers waiting: ${spread(times)} ms; target < 20 ms`,
    );
    await child.stop();
  }

  await short();
  await long();
  await claim();
});

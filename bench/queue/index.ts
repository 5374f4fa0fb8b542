/**
 * Jobs a second beside pg-boss, graphile-worker and BullMQ: `npm run bench -- queue [--jobs 10000] [--rounds 3]`.
 *
 * Each is one process that makes and runs no-op jobs, on one durable PostgreSQL (BullMQ: Redis with appendfsync always).
 * `burnDown` is the time from the first start to the last durable end of jobs that were all queued before; `sustained` the
 * time from the first call to the last durable end, with callers that make one job at a time beside the worker; `enqueue`
 * the callers alone. What each costs is told in microseconds of CPU a job, of the process (callers included) and of what
 * keeps its jobs, PostgreSQL or Redis.
 */
import Type from "typebox";
import { readFlags } from "../support/flags.ts";
import { type Racing, startRacers } from "../support/racers.ts";
import { alternate, type Contender, printRatios, printResults } from "../support/rounds.ts";
import { printStatements } from "../support/statements.ts";
import { inWorkplace } from "../support/workplace.ts";

const flags = readFlags({
  jobs: 10_000,
  /** Where callers make jobs one by one, pg-boss and graphile-worker are given one of so many jobs: they are slow at that. */
  part: 5,
  rounds: 3,
  callers: 256,
  payload: 100,
  slots: 200,
  "punctual-node": "own",
  profile: "",
  /** Names of those that race, between commas; without it all. */
  only: "",
  /** How many of Punctual's costliest statements are shown; their times are taken at some cost. */
  statements: 0,
});

const Took = Type.Object({ ms: Type.Number() });

/** Runs a race and tells its jobs a second, and what one of them cost the CPU. */
async function race({ child, cpu }: Racing, name: string, jobs: number, callers = 0): Promise<Record<string, number>> {
  const before = await cpu();
  const { ms } = await child.ask(name, { jobs, callers }, Took);
  const after = await cpu();
  const perJob = (from: number, to: number) => ((to - from) * 1000) / jobs;
  return {
    [`${name}/s`]: (jobs / ms) * 1000,
    [`${name}: process`]: perJob(before.node, after.node),
    [`${name}: store`]: perJob(before.store, after.store),
  };
}

const slowToEnqueue: ReadonlySet<string> = new Set(["pg-boss", "graphile-worker"]);

await inWorkplace(async (workplace) => {
  const racers = await startRacers(workplace, {
    payload: flags.payload,
    slots: flags.slots,
    punctualNode: flags["punctual-node"] === "peers" ? "peers" : "own",
    nodeArguments: flags.profile === "" ? [] : ["--cpu-prof", `--cpu-prof-dir=${flags.profile}`],
    databaseSettings:
      flags.statements === 0
        ? {}
        : { shared_preload_libraries: "pg_stat_statements", "pg_stat_statements.track_planning": "on" },
  });
  console.log(
    `${flags.jobs} jobs a round (enqueue and sustained of pg-boss and graphile-worker: 1/${flags.part}), ${flags.callers} callers, payload ${flags.payload} bytes, ` +
      `${flags.slots} slots\nkept: Punctual job, result and audit row; pg-boss and BullMQ job and result; graphile-worker nothing\n`,
  );
  const wanted = flags.only === "" ? racers : racers.filter(({ name }) => flags.only.split(",").includes(name));
  const contenders = wanted.map(
    (racer): Contender => ({
      name: racer.name,
      async measure() {
        const { callers, jobs, part } = flags;
        const called = slowToEnqueue.has(racer.name) ? Math.round(jobs / part) : jobs;
        await racer.child.ask("fill", { jobs }, Type.Object({}));
        const burnDown = await race(racer, "burnDown", jobs);
        const sustained = await race(racer, "sustained", called, callers);
        const enqueue = await race(racer, "enqueue", called, callers);
        return { ...burnDown, ...sustained, ...enqueue };
      },
    }),
  );
  const results = await alternate(contenders, flags.rounds, 1);
  const races = ["burnDown", "sustained", "enqueue"];
  printResults(
    results,
    races.map((name) => `${name}/s`),
  );
  console.log("\nmicroseconds of CPU a job (enqueue: its run included)");
  printResults(
    results,
    races.flatMap((name) => [`${name}: process`, `${name}: store`]),
  );
  console.log();
  printRatios(results, "burnDown/s", "punctual", { bullmq: 2, "pg-boss": 5, "graphile-worker": 0.9 });
  printRatios(results, "sustained/s", "punctual", { bullmq: 2, "pg-boss": 5 });
  printRatios(results, "enqueue/s", "punctual", { "graphile-worker": 5 });

  const sql = racers.find(({ name }) => name === "punctual")?.database?.sql;
  if (flags.statements > 0 && sql) await printStatements(sql, flags.statements);
});

/**
 * Jobs a second beside pg-boss, graphile-worker and BullMQ: `npm run bench -- queue [--jobs 10000] [--rounds 3]`.
 *
 * Each is one process that makes and runs no-op jobs, on one durable PostgreSQL (BullMQ: Redis with appendfsync always).
 * `burn-down` is the time from the first start to the last durable end of jobs that were all queued before; `sustained` the
 * time from the first call to the last durable end, with callers that make one job at a time beside the worker; `enqueue`
 * the callers alone.
 */
import Type from "typebox";
import { readFlags } from "../support/flags.ts";
import { startRacers } from "../support/racers.ts";
import { alternate, type Contender, printRatios, printResults } from "../support/rounds.ts";
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
});

const Took = Type.Object({ ms: Type.Number() });

const slowToEnqueue: ReadonlySet<string> = new Set(["pg-boss", "graphile-worker"]);

await inWorkplace(async (workplace) => {
  const racers = await startRacers(workplace, {
    payload: flags.payload,
    slots: flags.slots,
    punctualNode: flags["punctual-node"] === "peers" ? "peers" : "own",
    nodeArguments: flags.profile === "" ? [] : ["--cpu-prof", `--cpu-prof-dir=${flags.profile}`],
  });
  console.log(
    `${flags.jobs} jobs a round (enqueue and sustained of pg-boss and graphile-worker: 1/${flags.part}), ${flags.callers} callers, payload ${flags.payload} bytes, ` +
      `${flags.slots} slots\nkept: Punctual job, result and audit row; pg-boss and BullMQ job; graphile-worker nothing\n`,
  );
  const contenders = racers.map(
    ({ name, child }): Contender => ({
      name,
      async measure() {
        const few = Math.round(flags.jobs / flags.part);
        const called = slowToEnqueue.has(name) ? few : flags.jobs;
        const { callers } = flags;
        const burnDown = await child.ask("burnDown", { jobs: flags.jobs }, Took);
        const sustained = await child.ask("sustained", { jobs: called, callers }, Took);
        const enqueue = await child.ask("enqueue", { jobs: called, callers }, Took);
        return {
          "burn-down/s": (flags.jobs / burnDown.ms) * 1000,
          "sustained/s": (called / sustained.ms) * 1000,
          "enqueue/s": (called / enqueue.ms) * 1000,
        };
      },
    }),
  );
  const results = await alternate(contenders, flags.rounds, 1);
  printResults(results, ["burn-down/s", "sustained/s", "enqueue/s"]);
  console.log();
  printRatios(results, "burn-down/s", "punctual", { bullmq: 2, "pg-boss": 5, "graphile-worker": 0.9 });
  printRatios(results, "sustained/s", "punctual", { bullmq: 2, "pg-boss": 5 });
  printRatios(results, "enqueue/s", "punctual", { "graphile-worker": 5 });
});

/**
 * From the call that makes a job to its start on an idle node:
 * `npm run bench -- latency [--samples 300] [--history 200000] [--waiting 100000] [--rounds 2]`.
 *
 * First beside BullMQ, pg-boss and graphile-worker, then with a history of finished jobs (`--history 10000000` for ten million,
 * which takes a few minutes to fill), then with jobs of another customer waiting as well: for a later time, blocked, and
 * ready. Those that are ready are ahead in the queue and take every slot; the figure is then that of a busy node.
 */
import Type from "typebox";
import { fillHistory, fillQueue } from "../support/fill.ts";
import { readFlags } from "../support/flags.ts";
import { startRacers } from "../support/racers.ts";
import { printTable } from "../support/rounds.ts";
import { figure, percentile } from "../support/statistics.ts";
import { inWorkplace } from "../support/workplace.ts";

const flags = readFlags({ samples: 300, history: 200_000, waiting: 100_000, rounds: 2, payload: 100, slots: 200 });

const Samples = Type.Object({ samples: Type.Array(Type.Number()) });

await inWorkplace(async (workplace) => {
  const { payload, slots } = flags;
  const racers = await startRacers(workplace, { payload, slots, punctualNode: "own" });
  const [punctual] = racers;
  const sql = punctual?.database?.sql;
  if (!punctual || !sql) throw new Error("punctual did not start");
  console.log(`${flags.samples} samples a round, ${flags.rounds} rounds, every sample counts; milliseconds\n`);
  const rows: string[][] = [];

  async function measure(names: ReadonlyMap<string, string>): Promise<void> {
    const samples = new Map<string, number[]>();
    for (let round = -1; round < flags.rounds; round++) {
      for (const { name, child } of racers) {
        const shown = names.get(name);
        if (shown === undefined) continue;
        const answer = await child.ask("latency", { jobs: round < 0 ? 100 : flags.samples }, Samples);
        if (round >= 0) samples.set(shown, [...(samples.get(shown) ?? []), ...answer.samples]);
      }
    }
    for (const [name, values] of samples) {
      rows.push([name, ...[50, 90, 99, 100].map((percent) => figure(percentile(values, percent)))]);
    }
  }

  await measure(new Map(racers.map(({ name }) => [name, `${name}, empty`])));
  await fillHistory(sql, "demo", flags.history);
  await measure(new Map([["punctual", `punctual, ${figure(flags.history)} finished jobs`]]));
  for (const state of ["scheduled", "blocked"] as const) {
    const jobs = flags.waiting / 2;
    await fillQueue(sql, { prefix: "other", customers: 1, jobs, state, jobType: "noOp" });
  }
  await measure(new Map([["punctual", `punctual, and ${figure(flags.waiting)} of another customer not ready`]]));
  printTable(["from the call to the start", "p50", "p90", "p99", "max"], rows);
  console.log("\ntarget for punctual: p50 ≤ 2, p99 ≤ 10; ready jobs of another customer are what `fairness` measures");
});

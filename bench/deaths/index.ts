/**
 * From a node's death (kill -9) to the next start of its job: `npm run bench -- deaths [--deaths 20] [--over 20]`.
 *
 * Every node is a process of its own with the default settings, holds one job, and is killed at a moment of its own within
 * `--over` seconds; one more node, which lives, runs the jobs next.
 */
import { setTimeout as delay } from "node:timers/promises";
import Type from "typebox";
import { type Child, startChild } from "../support/child.ts";
import { readFlags } from "../support/flags.ts";
import { machine, nodeVersion } from "../support/peers.ts";
import { startPostgres } from "../support/postgres.ts";
import { printTable } from "../support/rounds.ts";
import { figure, percentile } from "../support/statistics.ts";
import { inWorkplace } from "../support/workplace.ts";

const flags = readFlags({ deaths: 20, over: 20 });

const Held = Type.Object({ jobId: Type.String() });
const Started = Type.Object({ jobs: Type.Array(Type.Object({ jobId: Type.String(), at: Type.Number() })) });

await inWorkplace(async (workplace) => {
  const postgres = await startPostgres(workplace);
  const database = await postgres.createDatabase("bench_deaths");
  console.log(
    `${machine()}\n${postgres.version}: ${postgres.durability}\nnodes on Node ${nodeVersion(process.execPath)}\n`,
  );

  const start = (slots: number): Child =>
    startChild(workplace, {
      node: process.execPath,
      script: "bench/deaths/children/node.ts",
      environment: { BENCH_DATABASE_URL: database.url, BENCH_SLOTS: String(slots) },
    });

  const killedAt = new Map<string, number>();
  const mortals: { child: Child; jobId: string }[] = [];
  for (let count = 0; count < flags.deaths; count++) {
    // One slot, which its own job takes: it runs nobody else's.
    const child = start(1);
    mortals.push({ child, ...(await child.ask("hold", {}, Held)) });
  }
  const heir = start(200);
  await heir.ask("claims", {}, Type.Object({}));
  await Promise.all(
    mortals.map(async ({ child, jobId }) => {
      await delay(Math.random() * flags.over * 1000);
      killedAt.set(jobId, Date.now());
      process.kill(child.pid, "SIGKILL");
    }),
  );
  let started = new Map<string, number>();
  while (started.size < mortals.length) {
    await delay(1_000);
    const { jobs } = await heir.ask("started", {}, Started);
    started = new Map(jobs.map(({ jobId, at }) => [jobId, at]));
  }
  const seconds = mortals.map(({ jobId }) => ((started.get(jobId) ?? 0) - (killedAt.get(jobId) ?? 0)) / 1000);
  const row = [50, 90, 99, 100].map((percent) => figure(percentile(seconds, percent)));
  printTable(["s from the death to the next start", "p50", "p90", "p99", "max"], [[`${flags.deaths} deaths`, ...row]]);
  console.log("  target: p99 ≤ 45 s");
});

/**
 * Live readers: `npm run bench -- events [--readers 1000] [--stopped 10] [--jobs 5000] [--rate 250]`.
 *
 * A node runs `--jobs` jobs that do nothing, `--rate` a second, while `--readers` read `GET /events` in a process of their own, of whom `--stopped`
 * take nothing. Told is the time from the making of a job to a reader's hearing of its end, every job at every reader, and the
 * memory of the node. First with one reader, then with all.
 */
import Type from "typebox";
import { startChild } from "../support/child.ts";
import { readFlags } from "../support/flags.ts";
import { machine, nodeVersion } from "../support/peers.ts";
import { startPostgres } from "../support/postgres.ts";
import { noOp, startBenchNode } from "../support/punctual.ts";
import { printTable } from "../support/rounds.ts";
import { figure } from "../support/statistics.ts";
import { inWorkplace, type Workplace } from "../support/workplace.ts";

const flags = readFlags({ readers: 1_000, stopped: 10, jobs: 5_000, rate: 250 });
const mebibyte = 1024 * 1024;

const Report = Type.Object({
  closed: Type.Integer(),
  heard: Type.Array(Type.Object({ milliseconds: Type.Integer(), times: Type.Integer() })),
});

await inWorkplace(async (workplace) => {
  console.log(
    `${machine()}\nNode ${nodeVersion(process.execPath)}; ${flags.jobs} jobs, ${flags.rate} a second; milliseconds\n`,
  );
  const postgres = await startPostgres(workplace);
  const rows = [
    await measure(workplace, (await postgres.createDatabase("one")).url, 1, 0),
    await measure(workplace, (await postgres.createDatabase("many")).url, flags.readers, flags.stopped),
  ];
  printTable(["readers", "p50", "p99", "max", "heard", "cut off", "RSS of the node, MiB"], rows);
});

async function measure(workplace: Workplace, databaseUrl: string, count: number, stopped: number): Promise<string[]> {
  const bench = await startBenchNode({ databaseUrl, jobTypes: [noOp(() => undefined)] });
  await bench.claims("on");
  const readers = startChild(workplace, { node: process.execPath, script: "bench/events/children/readers.ts" });
  const details = { origin: bench.node.origin, apiKey: await bench.apiKey(), readers: count, stopped };
  await readers.ask("open", details, Type.Object({}));
  let rss = 0;
  const wanted = flags.jobs * (count - stopped);
  const began = performance.now();
  const making: Promise<string>[] = [];
  for (let made = 0; made < flags.jobs; made++) {
    const wait = began + (made * 1_000) / flags.rate - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    making.push(bench.create("noOp", {}));
    rss = Math.max(rss, process.memoryUsage.rss());
  }
  await Promise.all(making);
  for (let tries = 0; ; tries++) {
    const { closed, heard } = await readers.ask("report", {}, Report);
    const all = heard.reduce((sum, { times }) => sum + times, 0);
    if (all < wanted && tries < 60) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      continue;
    }
    await readers.stop();
    await bench.stop();
    const of = (percent: number) => figure(percentileOf(heard, all, percent));
    const shares = `${figure(all)} of ${figure(wanted)}`;
    return [
      `${count}${stopped > 0 ? `, ${stopped} of them stopped` : ""}`,
      of(50),
      of(99),
      of(100),
      shares,
      String(closed),
      figure(rss / mebibyte),
    ];
  }
}

function percentileOf(heard: readonly { milliseconds: number; times: number }[], all: number, percent: number): number {
  let left = Math.max(1, Math.ceil((percent / 100) * all));
  for (const { milliseconds, times } of [...heard].sort((a, b) => a.milliseconds - b.milliseconds)) {
    left -= times;
    if (left <= 0) return milliseconds;
  }
  return Number.NaN;
}

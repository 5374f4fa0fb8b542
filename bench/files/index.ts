/**
 * Files, validated and transformed, beside csv-parse: `npm run bench -- files [--rows 1000000] [--atOnce 4] [--callsPerSecond 50]`.
 *
 * A delimited file with rows of about 150 bytes, of which one in a hundred is not valid, lies in a bucket; jobs check it, then make JSONL of it, then several
 * at once do so, while `_execute` is called all the time. Beside them csv-parse reads the same file as its documentation has it, alone and with Ajv.
 */
import { openAsBlob } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import Type, { type Static } from "typebox";
import { startChild } from "../support/child.ts";
import { readFlags } from "../support/flags.ts";
import { machine, nodeVersion } from "../support/peers.ts";
import { startPostgres } from "../support/postgres.ts";
import { printTable } from "../support/rounds.ts";
import { figure, percentile } from "../support/statistics.ts";
import { inWorkplace } from "../support/workplace.ts";
import { writeRows } from "./rows.ts";

const flags = readFlags({ rows: 1_000_000, atOnce: 4, callsPerSecond: 50 });

const Memory = { nodeMiB: Type.Number(), processMiB: Type.Number() };
const Work = Type.Object({
  ms: Type.Number(),
  loopP99Ms: Type.Number(),
  loopMaxMs: Type.Number(),
  ...Memory,
  overTime: Type.Array(Type.Object(Memory)),
});
const Read = Type.Object({ ms: Type.Number(), rows: Type.Integer(), invalid: Type.Integer() });
const Where = Type.Object({ api: Type.String(), apiKey: Type.String() });
type Where = Static<typeof Where>;

const headersOf = ({ apiKey }: Where) => ({ authorization: `Bearer ${apiKey}`, "x-customer-code": "demo" });

async function upload(where: Where, path: string, filename: string): Promise<void> {
  const body = new FormData();
  body.append("file[]", await openAsBlob(path), filename);
  const answer = await fetch(`${where.api}/buckets/incoming/upload`, {
    method: "POST",
    headers: headersOf(where),
    body,
  });
  if (!answer.ok) throw new Error(await answer.text());
}

/** Calls `_execute` again and again until it is ended. @returns the milliseconds of each call */
function callAlways(where: Where): () => Promise<number[]> {
  const took: number[] = [];
  const calls: Promise<void>[] = [];
  const headers = { ...headersOf(where), "content-type": "application/json" };
  async function call(): Promise<void> {
    const began = performance.now();
    const answer = await fetch(`${where.api}/job-types/noOp/_execute`, { method: "POST", headers, body: "{}" });
    if (!answer.ok) throw new Error(`_execute answered ${answer.status}`);
    await answer.arrayBuffer();
    took.push(performance.now() - began);
  }
  const calling = setInterval(() => calls.push(call()), 1_000 / flags.callsPerSecond);
  return async () => {
    clearInterval(calling);
    await Promise.all(calls);
    return took;
  };
}

await inWorkplace(async (workplace) => {
  const postgres = await startPostgres(workplace);
  const { url: databaseUrl } = await postgres.createDatabase("bench_files");
  const node = process.execPath;
  const punctual = startChild(workplace, {
    node,
    script: "bench/files/children/punctual.ts",
    environment: { BENCH_DATABASE_URL: databaseUrl },
  });
  const bare = startChild(workplace, { node, script: "bench/files/children/bare.ts" });
  const path = join(workplace.folder, "orders.csv");
  await writeRows(path, flags.rows);
  const { size } = await stat(path);
  const names = Array.from({ length: flags.atOnce }, (_, index) => `orders_${index}.csv`);
  const where = await punctual.ask("where", {}, Where);
  for (const filename of names) await upload(where, path, filename);
  console.log(`${machine()}\n${postgres.version}: ${postgres.durability}\nNode ${nodeVersion(node)}`);
  console.log(
    `${figure(flags.rows)} rows, ${figure(size / 1e6)} MB a file; _execute ${flags.callsPerSecond} times a second\n`,
  );

  const rows: string[][] = [];
  const memory: string[][] = [];
  const parsed = await bare.ask("parse", { path }, Read);
  const addRow = (name: string, files: number, ms: number, rest: readonly string[] = []): void => {
    const perSecond = (files * flags.rows * 1_000) / ms;
    const ratio = perSecond / ((parsed.rows * 1_000) / parsed.ms);
    rows.push([name, figure(perSecond), figure((files * size) / ms / 1_000), figure(ratio), ...rest]);
  };
  addRow("csv-parse", 1, parsed.ms);
  addRow("csv-parse with Ajv", 1, (await bare.ask("check", { path }, Read)).ms);

  const idle = callAlways(where);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const idleP99 = percentile(await idle(), 99);
  for (const [name, jobType, files] of [
    ["validated", "validateDataFiles", 1],
    ["transformed", "transformDataFiles", 1],
    [`${flags.atOnce} validated at once`, "validateDataFiles", flags.atOnce],
    [`${flags.atOnce} transformed at once`, "transformDataFiles", flags.atOnce],
  ] as const) {
    const endCalls = callAlways(where);
    const done = await punctual.ask("work", { jobType, patterns: names.slice(0, files).join(" ") }, Work);
    const callP99 = percentile(await endCalls(), 99);
    addRow(name, files, done.ms, [
      figure(callP99),
      figure(done.loopP99Ms),
      figure(done.nodeMiB),
      figure(done.processMiB),
    ]);
    memory.push([
      name,
      ...done.overTime.map(({ nodeMiB, processMiB }) => `${Math.round(nodeMiB)} + ${Math.round(processMiB)}`),
    ]);
  }
  printTable(
    ["", "rows/s", "MB/s", "× csv-parse", "_execute p99 ms", "event loop p99 ms", "node MiB", "file process MiB"],
    rows,
  );
  console.log(`\n_execute p99 with no file at work: ${figure(idleP99)} ms\n`);
  printTable(["MiB, node + largest process", ...Array.from({ length: 10 }, (_, tenth) => `${tenth * 10} %`)], memory);
});

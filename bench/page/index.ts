/**
 * The page: `npm run build:page && npm run bench -- page [--history 1000000] [--rounds 20] [--loads 5]`.
 *
 * What a first visit loads, how long until the list of jobs is there and answers in Chromium, and how long a node takes to answer
 * what the list asks for with `--history` finished jobs behind it: all of them, by definition, by time, and of an outcome that
 * is rare. Every browser starts with an empty cache.
 */
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import sparticuz from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";
import type postgres from "postgres";
import { firstLoad, mostFirstLoad } from "../../scripts/page-size.ts";
import { fillHistory } from "../support/fill.ts";
import { readFlags } from "../support/flags.ts";
import { machine, nodeVersion } from "../support/peers.ts";
import { startPostgres } from "../support/postgres.ts";
import { type BenchNode, noOp, startBenchNode } from "../support/punctual.ts";
import { printTable } from "../support/rounds.ts";
import { figure, percentile } from "../support/statistics.ts";
import { inWorkplace } from "../support/workplace.ts";

const flags = readFlags({ history: 1_000_000, rounds: 20, loads: 5 });
const prefix = "/vue/_api/v1";
/** How many of the finished jobs have failed, and how many a definition has made: one in so many. */
const oneIn = { failed: 100_000, ofDefinition: 100 };

/** In the page: when the first row of the list was painted, and until when a task held it up for more than 50 ms. */
const watchRows = `
  window.busyUntil = 0;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) window.busyUntil = startTime + duration;
  }).observe({ type: "longtask", buffered: true });
  const watch = () => {
    if (document.querySelector("main a[href*='/jobs/']")) {
      requestAnimationFrame(() => setTimeout(() => { window.seen = performance.now(); }));
    } else requestAnimationFrame(watch);
  };
  requestAnimationFrame(watch);
`;

await inWorkplace(async (workplace) => {
  const bytes = await firstLoad(new URL("dist/web/", pathToFileURL(`${process.cwd()}/`)));
  console.log(`${machine()}\nNode ${nodeVersion(process.execPath)}\n`);
  console.log(`first load: ${figure(bytes / 1_000)} KB of JavaScript, gzipped; at most ${mostFirstLoad / 1_000}\n`);

  const database = await (await startPostgres(workplace)).createDatabase("page");
  const bench = await startBenchNode({ databaseUrl: database.url, jobTypes: [noOp(() => undefined)] });
  workplace.atEnd(() => bench.stop());
  const apiKey = await bench.apiKey();
  await fill(database.sql, bench, apiKey);

  printTable([`GET /jobs of ${figure(flags.history)}, ms`, "p50", "max", "jobs"], await measureLists(bench, apiKey));
  const browser = await launch();
  workplace.atEnd(() => browser.close());
  console.log("");
  printTable(["the list of jobs in Chromium, ms", "p50", "max"], await measureLoads(browser, bench, apiKey));
});

async function fill(sql: postgres.Sql, bench: BenchNode, apiKey: string): Promise<void> {
  const jobDefinition = { jobDefinitionCode: "rare", jobType: "noOp" };
  await call(bench, apiKey, "POST", "/job-definitions", { jobDefinition });
  await fillHistory(sql, "demo", flags.history);
  await sql`
    update job set status = 'FAILED', error = '{"code":"TIMED_OUT","message":"It took too long.","details":{}}'
     where abs(hashtextextended(id::text, 1)) % ${oneIn.failed} = 0`;
  await sql`
    update job j set definition_id = d.definition_id, job_definition_code = d.job_definition_code
      from job_definition d where abs(hashtextextended(id::text, 2)) % ${oneIn.ofDefinition} = 0`;
  await sql`vacuum analyze job`;
}

async function measureLists(bench: BenchNode, apiKey: string): Promise<string[][]> {
  const hour = 3_600_000;
  const ago = (hours: number): string => new Date(Date.now() - hours * hour).toISOString();
  const lists: Readonly<Record<string, string>> = {
    "all, as the page asks": "limit=50",
    "of one definition": "limit=50&jobDefinitionCode=rare",
    "of one definition, failed": "limit=50&jobDefinitionCode=rare&status=FAILED",
    "failed, which are rare": "limit=50&status=FAILED",
    "failed, of a type": "limit=50&status=FAILED&jobType=noOp",
    "running now": "limit=50&status=STARTED",
    "of the last day": `limit=50&createdAfter=${ago(24)}`,
    "made before now": `limit=50&createdBefore=${ago(-1)}`,
    "made before all of them": `limit=50&createdBefore=${ago(12)}`,
  };
  const rows: string[][] = [];
  for (const [name, query] of Object.entries(lists)) {
    const times: number[] = [];
    let found = 0;
    for (let round = -2; round < flags.rounds; round += 1) {
      const began = performance.now();
      const { jobs } = JSON.parse(await call(bench, apiKey, "GET", `/jobs?${query}`));
      if (round >= 0) times.push(performance.now() - began);
      found = jobs.length;
    }
    rows.push([name, figure(percentile(times, 50)), figure(percentile(times, 100)), String(found)]);
  }
  return rows;
}

/** From the address to the first row of the list, painted; and to the moment from which the page answers, within 50 ms, what is done to it. */
async function measureLoads(browser: Browser, bench: BenchNode, apiKey: string): Promise<string[][]> {
  const { origin } = bench.node;
  const session = await fetch(`${origin}${prefix}/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify({ customerCode: "demo", apiKey }),
  });
  const [cookie = ""] = (session.headers.get("set-cookie") ?? "").split(";");
  const [name = "", value = ""] = cookie.split("=");
  const [painted, interactive]: [number[], number[]] = [[], []];
  for (let load = -1; load < flags.loads; load += 1) {
    const context = await browser.newContext({ baseURL: origin, viewport: { width: 1280, height: 800 } });
    await context.addCookies([{ name, value, url: origin, httpOnly: true, sameSite: "Strict" }]);
    const page = await context.newPage();
    await page.addInitScript(watchRows);
    await page.goto("/jobs", { waitUntil: "commit" });
    // By asking again: the page's policy lets nothing evaluate a condition within it.
    while (!(await page.evaluate<boolean>("window.seen !== undefined && performance.now() > window.seen + 500"))) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const [shown, busyUntil] = await page.evaluate<[number, number]>("[window.seen, window.busyUntil]");
    if (load >= 0) {
      painted.push(shown);
      interactive.push(Math.max(shown, busyUntil));
    }
    await context.close();
  }
  const row = (words: string, times: readonly number[]): string[] => [
    words,
    figure(percentile(times, 50)),
    figure(percentile(times, 100)),
  ];
  return [row("the first row is painted", painted), row("interactive: no longer task after it", interactive)];
}

async function launch(): Promise<Browser> {
  const installed = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));
  const executablePath = installed ?? (await sparticuz.executablePath());
  return chromium.launch({ executablePath, headless: true, chromiumSandbox: false });
}

/** @returns the text of the answer @throws Error where it is none of 2xx */
async function call(bench: BenchNode, apiKey: string, method: string, path: string, body?: object): Promise<string> {
  const answer = await fetch(`${bench.node.origin}${prefix}${path}`, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, "x-customer-code": "demo", "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${text}`);
  return text;
}

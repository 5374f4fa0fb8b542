/**
 * Next times beside croner and cron-parser: `npm run bench -- cron`.
 *
 * The peers live in `bench/peers` (`npm ci --prefix bench/peers`); without them only Punctual is measured. Each figure is
 * the median of several rounds; a round asks for next times in a chain, each after the one before.
 */
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { pathToFileURL } from "node:url";
import { checkSchedule } from "../../src/model/cron/check-schedule.ts";
import { nextOccurrence } from "../../src/model/cron/occurrences.ts";
import { type CronExpression, parseCron } from "../../src/model/cron/parse-cron.ts";
import { openSchedule } from "../../src/model/cron/schedule.ts";

interface Case {
  readonly name: string;
  readonly cron: string;
  /** The same for croner, which takes `*` for `?` and lacks some of Quartz. */
  readonly croner: string | null;
  /** The same for cron-parser. */
  readonly cronParser: string | null;
  readonly timeZone: string;
  readonly after: string;
}

/** Asks for one next time, in milliseconds since 1970; `null` where there is none. */
type Next = (after: number) => number | null;

/** A way to ask, for a case; `null` where it cannot express it. */
type Contender = (each: Case) => Next | null;

const rounds = 7;
const chain = 50;

const cases: readonly Case[] = [
  same("every 5 minutes, UTC", "*/5 * * * *", "UTC", "2026-11-20T12:00:00Z"),
  same("daily at 02:30, Toronto", "30 2 * * *", "America/Toronto", "2026-11-20T12:00:00Z"),
  same("weekdays at 09:00, Toronto", "0 9 * * 1-5", "America/Toronto", "2026-11-20T12:00:00Z"),
  same("13th or Friday, Kolkata", "0 0 13 * 5", "Asia/Kolkata", "2026-11-20T12:00:00Z"),
  same("29 February, Toronto", "0 0 29 2 *", "America/Toronto", "2026-11-20T12:00:00Z"),
  quartz("last day of the month, Toronto", "0 0 12 L * ?", "0 0 12 L * *", "0 0 12 L * *", "2026-11-20T12:00:00Z"),
  quartz("nearest weekday to the 15th, Toronto", "0 0 12 15W * ?", "0 0 12 15W * *", null, "2026-11-20T12:00:00Z"),
  quartz("3 days before the last, Toronto", "0 0 12 L-3 * ?", null, null, "2026-11-20T12:00:00Z"),
  same("across the gap, every 15 minutes", "*/15 * * * *", "America/Toronto", "2027-03-14T01:00:00Z"),
  same("across the repeat, every 15 minutes", "*/15 * * * *", "America/Toronto", "2026-11-01T00:00:00Z"),
  same("in the gap, daily at 02:30", "30 2 * * *", "America/Toronto", "2027-03-10T01:00:00Z"),
];

await main();

async function main(): Promise<void> {
  const contenders = new Map<string, Contender>([["Punctual", punctual]]);
  await addPeers(contenders);
  const width = Math.max(...cases.map((each) => each.name.length));
  const names = [...contenders.keys()];
  console.log(`Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown"}\n`);
  console.log(`ns for one next time, median of ${rounds} rounds (in brackets: as many times as long as Punctual)\n`);
  console.log(`${"".padEnd(width)}  ${names.map((name) => name.padStart(20)).join("  ")}`);
  const ratios = new Map<string, number[]>();
  for (const each of cases) {
    const cells: string[] = [];
    let own = Number.NaN;
    for (const [name, contender] of contenders) {
      const next = contender(each);
      const nanoseconds = next === null ? null : measure(next, Date.parse(each.after));
      if (name === "Punctual") own = nanoseconds ?? Number.NaN;
      else if (nanoseconds !== null) ratios.set(name, [...(ratios.get(name) ?? []), nanoseconds / own]);
      cells.push(cell(nanoseconds, name === "Punctual" ? null : own).padStart(20));
    }
    console.log(`${each.name.padEnd(width)}  ${cells.join("  ")}`);
  }
  for (const [name, values] of ratios) {
    console.log(
      `\n${name} takes ${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)} times as long (median ${median(values).toFixed(0)})`,
    );
  }
  measureRest();
}

function cell(nanoseconds: number | null, own: number | null): string {
  if (nanoseconds === null) return "cannot";
  return own === null ? nanoseconds.toFixed(0) : `${nanoseconds.toFixed(0)} (${(nanoseconds / own).toFixed(0)}×)`;
}

function measure(next: Next, after: number): number {
  const times: number[] = [];
  let repeats = 1;
  for (let round = -2; round < rounds; round++) {
    const start = process.hrtime.bigint();
    let calls = 0;
    for (let repeat = 0; repeat < repeats; repeat++) {
      let at: number | null = after;
      for (let index = 0; index < chain && at !== null; index++) {
        at = next(at);
        calls++;
      }
    }
    const elapsed = Number(process.hrtime.bigint() - start);
    // The two rounds of warming up also find how often to repeat for a round of some 40 ms.
    if (round < 0) repeats = Math.max(1, Math.min(20_000, Math.round((repeats * 40e6) / elapsed)));
    else times.push(elapsed / calls);
  }
  return median(times);
}

function punctual(each: Case): Next {
  const cron = parseCron(each.cron);
  return (after) => nextOccurrence(cron, each.timeZone, after) ?? null;
}

/** Counting, parsing, first questions about a zone, and the slowest of a fuzz run. */
function measureRest(): void {
  const second = openSchedule({
    cron: "* * * * * ?",
    timeZone: "America/Toronto",
    exclude: { crons: ["* 12 * * 1-5"] },
  });
  const [from, to] = [Date.parse("2027-01-01T05:00:00Z"), Date.parse("2028-01-01T05:00:00Z")];
  const counting = Array.from({ length: rounds }, () => milliseconds(() => second.count(from, to)));
  console.log(`\ncount of a year of every second, exclusions included: ${median(counting).toFixed(2)} ms`);
  const parsing = measure((at) => at + parseCron("0 15 10 ? * MON-FRI").source.length, 0);
  console.log(`parse of "0 15 10 ? * MON-FRI": ${(parsing / 1000).toFixed(1)} µs`);
  const zones = Intl.supportedValuesOf("timeZone").slice(100, 300);
  const daily = parseCron("0 0 12 * * ?");
  const first = zones.map((timeZone) => milliseconds(() => nextOccurrence(daily, timeZone, from)));
  console.log(
    `first next time in a zone: median ${median(first).toFixed(2)} ms, slowest ${Math.max(...first).toFixed(2)} ms`,
  );
  const hostile = hostileSchedule();
  const checks = Array.from({ length: 5 * rounds }, () => milliseconds(() => checkSchedule(hostile, from)));
  console.log(
    `check of a schedule that twenty excluded crons make hard: median ${median(checks).toFixed(2)} ms (${checkSchedule(hostile, from)[0]?.message ?? "accepted"})`,
  );
  fuzz();
}

/** Twenty excluded crons of which every hour, minute, second and day has another seventeen: nothing learned of one serves another. */
function hostileSchedule(): { cron: string; exclude: { crons: string[] } } {
  const field = (size: number, first: number, cron: number): string =>
    Array.from({ length: size }, (_, index) => index)
      .filter((index) => ![1, 7, 12].some((step) => (index * step + step) % 20 === cron))
      .map((index) => index + first)
      .join(",");
  const crons = Array.from(
    { length: 20 },
    (_, cron) => `${field(60, 0, cron)} ${field(60, 0, cron)} ${field(24, 0, cron)} ${field(31, 1, cron)} * ?`,
  );
  return { cron: "* * * * * ?", exclude: { crons } };
}

function fuzz(): void {
  const pieces = [
    "*",
    "?",
    "0",
    "5",
    "*/7",
    "1-5",
    "22-2",
    "L",
    "LW",
    "L-30",
    "29",
    "31",
    "6#5",
    "6L",
    "FEB",
    "FRI",
    "30W",
    "1,7",
    "2/3",
    "2099",
  ];
  let seed = 7;
  const pick = (): string => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return pieces[seed % pieces.length] ?? "*";
  };
  const slowest = { parse: { ms: 0, cron: "" }, next: { ms: 0, cron: "" } };
  let valid = 0;
  for (let run = 0; run < 300_000; run++) {
    const cron = Array.from({ length: 5 + (run % 3) }, pick).join(" ");
    const parsed = parsedOrNull(cron);
    keepSlowest(slowest.parse, cron, () => parsedOrNull(cron));
    if (parsed === null) continue;
    valid++;
    keepSlowest(slowest.next, cron, () => nextOccurrence(parsed, "America/Toronto", Date.UTC(2026, 10, 20)));
  }
  console.log(
    `fuzz, ${valid} valid of 300,000: slowest parse ${slowest.parse.ms.toFixed(2)} ms ("${slowest.parse.cron}"), slowest next ${slowest.next.ms.toFixed(2)} ms ("${slowest.next.cron}")`,
  );
}

/** What looks slow is done again, twice: a collection of garbage is no fault of the expression that it falls upon. */
function keepSlowest(slowest: { ms: number; cron: string }, cron: string, work: () => unknown): void {
  let ms = milliseconds(work);
  for (let again = 0; again < 2 && ms > slowest.ms; again++) ms = Math.min(ms, milliseconds(work));
  if (ms <= slowest.ms) return;
  slowest.ms = ms;
  slowest.cron = cron;
}

function parsedOrNull(cron: string): CronExpression | null {
  try {
    return parseCron(cron);
  } catch {
    return null;
  }
}

function milliseconds(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** What is used of croner and cron-parser, whose types are not installed with the product. */
interface Croner {
  readonly Cron: new (cron: string, options: { timezone: string }) => { nextRun(after: Date): Date | null };
}

interface CronParser {
  readonly CronExpressionParser: {
    parse(
      cron: string,
      options: { tz: string; currentDate: Date },
    ): { next(): { getTime(): number }; reset(at: Date): void };
  };
}

async function addPeers(contenders: Map<string, Contender>): Promise<void> {
  const require = createRequire(new URL("../peers/package.json", import.meta.url));
  const resolve = (name: string): string | null => {
    try {
      return pathToFileURL(require.resolve(name)).href;
    } catch {
      return null;
    }
  };
  const [cronerPath, parserPath] = [resolve("croner"), resolve("cron-parser")];
  if (cronerPath === null || parserPath === null) {
    console.log("croner and cron-parser skipped: run npm ci --prefix bench/peers\n");
    return;
  }
  const croner: Croner = await import(cronerPath);
  const parser: CronParser = await import(parserPath);
  contenders.set("croner", ({ croner: cron, timeZone }) => {
    if (cron === null) return null;
    const schedule = new croner.Cron(cron, { timezone: timeZone });
    return (after) => schedule.nextRun(new Date(after))?.getTime() ?? null;
  });
  contenders.set("cron-parser", ({ cronParser: cron, timeZone }) => {
    if (cron === null) return null;
    const schedule = parser.CronExpressionParser.parse(cron, { tz: timeZone, currentDate: new Date() });
    return (after) => {
      schedule.reset(new Date(after));
      return schedule.next().getTime();
    };
  });
}

function same(name: string, cron: string, timeZone: string, after: string): Case {
  return { name, cron, croner: cron, cronParser: cron, timeZone, after };
}

function quartz(name: string, cron: string, croner: string | null, cronParser: string | null, after: string): Case {
  return { name, cron, croner, cronParser, timeZone: "America/Toronto", after };
}

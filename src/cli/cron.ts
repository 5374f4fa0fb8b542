import { Command } from "commander";
import { checkScheduleParts } from "../model/cron/check-schedule.ts";
import { previewSchedule } from "../model/cron/preview.ts";
import { instantOf } from "../model/cron/schedule.ts";
import { showPreview } from "./show-preview.ts";
import { UsageError } from "./usage-error.ts";

const mostTimes = 100;

interface Options {
  readonly zone: string;
  readonly count: string;
  readonly after?: string;
}

/** `punctual cron EXPRESSION`: prints what an expression comes to; no node is asked. */
export function cronCommand(): Command {
  return new Command("cron")
    .description("print what a cron expression means and when it fires; needs no node")
    .argument("<expression>", "in quotes; five fields are Unix cron, six or seven are Quartz")
    .option("--zone <zone>", "IANA time zone, such as America/Toronto", "UTC")
    .option("--count <number>", `how many times, 1–${mostTimes}`, "10")
    .option("--after <time>", "times after this one, RFC 3339; now unless said")
    .action((expression: string, { zone, count, after }: Options) => {
      const spec = { cron: expression, timeZone: zone };
      const errors = checkScheduleParts(spec);
      if (errors.length > 0) throw new UsageError(errors.map(sentenceOf).join("\n"));
      console.log(showPreview(previewSchedule(spec, readAfter(after), readCount(count))));
    });
}

function sentenceOf({ path, message }: { path: string; message: string }): string {
  return path === "/timeZone" ? `--zone: ${message}` : message;
}

function readCount(text: string): number {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= mostTimes) return count;
  throw new UsageError(`--count must be a whole number from 1 to ${mostTimes}, not ${JSON.stringify(text)}.`);
}

function readAfter(text: string | undefined): number {
  if (text === undefined) return Date.now();
  try {
    return instantOf(text);
  } catch {
    throw new UsageError(`--after must be an RFC 3339 time such as 2027-01-31T08:00:00Z, not ${JSON.stringify(text)}.`);
  }
}

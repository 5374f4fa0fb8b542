/** Runs the examples of docs/guides/cron.md. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CronError } from "../model/cron/cron-error.ts";
import { describeCron } from "../model/cron/describe-cron.ts";
import { occurrencesBetween } from "../model/cron/occurrences.ts";
import { parseCron } from "../model/cron/parse-cron.ts";
import { previewSchedule, rfc3339 } from "../model/cron/preview.ts";
import { openSchedule } from "../model/cron/schedule.ts";
import { stretchAt, zoneOf } from "../model/cron/zone.ts";
import { showPreview } from "./show-preview.ts";

const page = readFileSync(new URL("../../docs/guides/cron.md", import.meta.url), "utf8");

/** The rows of the table with these headings, code marks taken off; it must have some. */
function tableOf(...headings: string[]): string[][] {
  const [, after = ""] = page.split(`| ${headings.join(" | ")} |\n`);
  const lines = after.split("\n").slice(1);
  const rows = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith("|")),
  );
  expect(rows.length).toBeGreaterThan(4);
  return rows.map((row) =>
    row
      .slice(2, -2)
      .split(" | ")
      .map((cell) => cell.replaceAll("`", "")),
  );
}

test.each(tableOf("Unix", "Quartz", "in words"))("%s and %s are: %s", (unix, quartz, words) => {
  const given = [unix, quartz].filter((cron) => cron !== "—" && cron !== undefined);
  const [from, to] = [Date.UTC(2026, 0, 1), Date.UTC(2031, 0, 1)];
  const times = given.map((cron) => occurrencesBetween(parseCron(cron), "America/Toronto", from, to, 2_000));
  for (const [index, cron] of given.entries()) {
    expect(parseCron(cron).dialect).toBe(cron === unix ? "unix" : "quartz");
    expect(describeCron(parseCron(cron))).toBe(words);
    expect(times[index]).toEqual(times[0]);
  }
});

test.each(tableOf("refused", "because"))("%s is refused: %s", (cron = "", because) => {
  expect(() => parseCron(cron)).toThrow(CronError);
  expect(() => parseCron(cron)).toThrow(expect.objectContaining({ message: because }));
});

test.each(tableOf("expression", "zone", "after", "fires at"))(
  "%s in %s",
  (cron = "", timeZone = "", after = "", told = "") => {
    const examples = [...told.matchAll(/(\S+Z) \(([^)]*)\)/g)].map(([, time = "", remark = ""]) => ({ time, remark }));
    expect(examples.length).toBeGreaterThan(0);
    const schedule = openSchedule({ cron, timeZone });
    const times = schedule.occurrences(Date.parse(after) + 1, Infinity, examples.length);
    expect(times.map(rfc3339)).toEqual(examples.map(({ time }) => time));
    for (const [index, { remark }] of examples.entries()) {
      const [clock] = /\d\d:\d\d/.exec(remark) ?? [];
      const seconds = (times[index] ?? 0) / 1000;
      const wall = new Date((seconds + stretchAt(zoneOf(timeZone), seconds).offset) * 1000).toISOString();
      expect(wall.slice(11, 16), remark).toBe(clock);
    }
  },
);

test("the command prints what the page shows", () => {
  const command = /```console\n\$ punctual cron '(.*?)' --zone (\S+) --count (\d+) --after (\S+)\n([^`]*)\n```/;
  const [, cron = "", timeZone = "", count = "", after = "", shown] = command.exec(page) ?? [];
  expect(showPreview(previewSchedule({ cron, timeZone }, Date.parse(after), Number(count)))).toBe(shown);
});

test("what is said of other crons is so", () => {
  const on = (cron: string): string[] =>
    occurrencesBetween(parseCron(cron), "UTC", Date.UTC(2027, 0, 1), Date.UTC(2027, 0, 9)).map((time) =>
      new Date(time).toISOString().slice(8, 10),
    );
  // 1 January 2027 is a Friday.
  expect(on("0 0 */2 * 1")).toEqual(["01", "03", "04", "05", "07"]);
  expect(on("0 0 0 ? * MON-FRI/2")).toEqual(["01", "04", "06", "08"]);
  expect(describeCron(parseCron("0 15 10 ? * 6L *"))).toBe("At 10:15, on the last Friday of the month");
  expect(() => parseCron("15 10 ? * 6L *")).toThrow('"?" belongs in the day of month or the day of week only');
  expect(() => parseCron("0 0 9 ? * 2#1,6#3")).toThrow("must stand alone in its field; use one schedule for each");
  expect(() => parseCron("0 0 9 ? * MONDAY")).toThrow("is not a name of three letters");
  expect(parseCron("0 0 12 * * *").source).toBe("0 0 12 * * *");
});

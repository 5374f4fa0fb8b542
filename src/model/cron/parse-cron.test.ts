import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cautionsFor } from "./cautions.ts";
import { CronError } from "./cron-error.ts";
import { describeCron } from "./describe-cron.ts";
import { nextOccurrence, previousOccurrence } from "./occurrences.ts";
import { parseCron } from "./parse-cron.ts";

const millionElements = Array.from({ length: 1_000_000 }, () => "1").join(",");

describe("refused, with what to change", () => {
  test.each([
    ["0 0 12 ? * 8", '"cron" field 6 (day of week): 8 is out of range 1–7'],
    [
      "0 0 12 ? * 0",
      '"cron" field 6 (day of week): 0 is out of range 1–7; with six or seven fields weekdays count from 1 (SUN) to 7 (SAT); did you mean SUN?',
    ],
    ["60 * * * * ?", '"cron" field 1 (second): 60 is out of range 0–59; did you mean 0?'],
    ["0 24 * * *", '"cron" field 2 (hour): 24 is out of range 0–23; midnight is hour 0'],
    ["0 0 12 ? MON *", '"cron" field 5 (month): "MON" is a weekday; it belongs in field 6 (day of week)'],
    ["1 0 * * JAN", '"cron" field 5 (day of week): "JAN" is a month; it belongs in field 4 (month)'],
    ["MON 0 * * *", '"cron" field 1 (minute): "MON" is a weekday; it belongs in field 5 (day of week)'],
    ["0 0 12 ? * MONDAY", '"cron" field 6 (day of week): "MONDAY" is not a name of three letters; write MON'],
    [
      "0 0 12 ? * ?",
      '"cron" field 6 (day of week): "?" is in field 4 (day of month) as well; only one of the two may be "?"; did you mean "0 0 12 ? * *"?',
    ],
    [
      "0 0 12 * * MON",
      '"cron" field 6 (day of week): one of this field and field 4 (day of month) must be "?"; did you mean "0 0 12 ? * MON"?',
    ],
    [
      "0 0 12 1 * *",
      '"cron" field 6 (day of week): one of this field and field 4 (day of month) must be "?"; did you mean "0 0 12 1 * ?"?',
    ],
    ["? 0 12 * * ?", '"cron" field 1 (second): "?" belongs in the day of month or the day of week only; write "*"'],
    ["*/0 * * * *", '"cron" field 1 (minute): a step of 0 never moves on; take "/0" out, or use a step of 1 or more'],
    [
      "0 0/90 * * * ?",
      '"cron" field 2 (minute): the step 90 is out of range 1–59, so it would only ever be its first value',
    ],
    ["0 0 12 L-40 * ?", '"cron" field 4 (day of month): 40 days before the last day is out of range 0–30'],
    [
      "0 0 12 ? * MON#6",
      '"cron" field 6 (day of week): "6" after "#" is out of range 1–5; use "L" for the last one, as in "6L"',
    ],
    [
      "0 0 12 ? * MON#1,FRI#3",
      '"cron" field 6 (day of week): "MON#1" must stand alone in its field; use one schedule for each',
    ],
    ["0 0 12 ? * 6L,2", '"cron" field 6 (day of week): "6L" must stand alone in its field; use one schedule for each'],
    ["0 0 12 32W * ?", '"cron" field 4 (day of month): 32 is out of range 1–31'],
    [
      "0 0 12 31 FEB ?",
      '"cron" field 4 (day of month): it never fires: no such day comes in its months; use a day that the month has, or "L" for the last one',
    ],
    [
      "0 0 30 2 *",
      '"cron" field 3 (day of month): it never fires: no such day comes in its months; use a day that the month has, or "L" for the last one',
    ],
    [
      "0 0 0 ? 2 6#5 2027",
      '"cron" field 6 (day of week): it never fires: no such day comes in its months and years; use a day that the month has, or "L" for the last one',
    ],
    [
      "0 0 0 29 2 ? 2027",
      '"cron" field 4 (day of month): it never fires: no such day comes in its months and years; use a day that the month has, or "L" for the last one',
    ],
    ["0 0 12 1 1 ? 2100", '"cron" field 7 (year): 2100 is out of range 1970–2099'],
    ["0 0 12 1 1 ? 2030-2026", '"cron" field 7 (year): the range "2030-2026" ends before it begins'],
    [
      "0 0 12 * ?",
      '"cron" field 5 (day of week): "?" is Quartz\'s, which has six or seven fields, seconds first; five fields are Unix cron, six are Quartz; did you mean "0 0 12 * * ?"?',
    ],
    [
      "0 30 12 * *",
      '"cron" field 2 (hour): 30 is out of range 0–23; five fields are Unix cron, six are Quartz; did you mean "0 30 12 * * ?"?',
    ],
    ["22-2 * * * *", '"cron" field 1 (minute): the range "22-2" ends before it begins; did you mean "22-59,0-2"?'],
    ["1,,2 * * * *", '"cron" field 1 (minute): there is nothing before or after a comma; take the comma out'],
    ["1- * * * *", '"cron" field 1 (minute): "1-" lacks a value'],
    ["-5 * * * *", '"cron" field 1 (minute): "-5" lacks a value; no value is negative'],
    ["5/ * * * *", '"cron" field 1 (minute): "" is not a step; write a number after "/"'],
    ["99999999999999999999 * * * *", '"cron" field 1 (minute): "99999999999999999999" is out of range 0–59'],
    ["a b c d e f", '"cron" field 1 (second): "A" is not a value; use 0–59'],
    ["* * *", '"cron" has 3 fields; five (minute hour day month weekday) or six or seven (seconds first) are needed'],
    [
      "0 0 12 * * ? * *",
      '"cron" has 8 fields; five (minute hour day month weekday) or six or seven (seconds first) are needed',
    ],
    ["", '"cron" is empty; five (minute hour day month weekday) or six or seven (seconds first) are needed'],
    [
      "@reboot",
      '"cron" is "@reboot", which is not a time; use one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually',
    ],
    [
      "x".repeat(2_000),
      '"cron" has 2000 characters; at most 1000 are allowed; use ranges and steps in place of long lists',
    ],
    [
      `${millionElements} * * * *`,
      '"cron" has 2000007 characters; at most 1000 are allowed; use ranges and steps in place of long lists',
    ],
  ])("%.40s", (text, message) => {
    expect(refusal(text).message).toBe(message);
  });

  test("with the field and the part apart from the message", () => {
    expect(refusal("0 0 12 ? * MON,9")).toMatchObject({
      field: { position: 6, name: "day of week" },
      part: "9",
      hint: null,
    });
  });

  test("a long part is shortened", () => {
    expect(refusal(`${"Q".repeat(500)} * * * *`).message.length).toBeLessThan(200);
  });
});

describe("in words", () => {
  test.each([
    ["* * * * *", "Every minute"],
    ["*/5 * * * *", "Every 5 minutes"],
    ["*/7 * * * *", "At every 7th minute from 0 to 59, every hour"],
    ["0 * * * *", "Every hour"],
    ["30 * * * *", "At minute 30, every hour"],
    ["0 12 * * *", "At 12:00 every day"],
    ["0 22 * * 1-5", "At 22:00, Monday to Friday"],
    ["5 4 * * 0", "At 04:05, on Sunday"],
    ["5 4 * * 7", "At 04:05, on Sunday"],
    ["5 4 * * 5-7", "At 04:05, Friday to Sunday"],
    ["30 4 1,15 * 5", "At 04:30, on days 1 and 15 of the month or on Friday"],
    ["0 9 * * 1-5/2", "At 09:00, on Monday, Wednesday and Friday"],
    ["0 0 1 */3 *", "At 00:00, on day 1 of the month, in January, April, July and October"],
    ["* * * * * ?", "Every second"],
    ["*/10 * 9-17 ? * MON", "Every 10 seconds, from 09:00 to 17:59, on Monday"],
    ["0 15 10 ? * 2-6", "At 10:15, Monday to Friday"],
    ["0 15 10 ? * 1", "At 10:15, on Sunday"],
    ["0 15 10 ? * L", "At 10:15, on Saturday"],
    ["0 0 22-2 ? * FRI-MON", "On the hour, from 22:00 to 02:59, Friday to Monday"],
    ["0 0/5 14,18 * * ?", "Every 5 minutes, in hours 14 and 18"],
    ["0 0 */2 * * ?", "Every 2 hours"],
    ["0 0 */5 * * ?", "On the hour, in hours 00, 05, 10, 15 and 20"],
    ["0 0 12 1/5 * ?", "At 12:00, on days 1, 6, 11, 16, 21, 26 and 31 of the month"],
    ["0 15 10 L * ?", "At 10:15, on the last day of the month"],
    ["0 15 10 L-1 * ?", "At 10:15, on the day before the last day of the month"],
    ["0 15 10 LW * ?", "At 10:15, on the last weekday of the month"],
    ["0 15 10 L-3W * ?", "At 10:15, on the weekday nearest to 3 days before the last day of the month"],
    ["0 0 12 15W * ?", "At 12:00, on the weekday nearest to day 15 of the month"],
    ["0 15 10 ? * 6L", "At 10:15, on the last Friday of the month"],
    [
      "0 15 10 ? NOV-FEB FRI#3 2026-2029",
      "At 10:15, on the third Friday of the month, from November to February, from 2026 to 2029",
    ],
    ["10,20 0 0 1 1 ? 2027", "At 00:00:10 and 00:00:20, on day 1 of the month, in January, in 2027"],
    ["@hourly", "Every hour"],
    ["@daily", "At 00:00 every day"],
    ["@midnight", "At 00:00 every day"],
    ["@weekly", "At 00:00, on Sunday"],
    ["@monthly", "At 00:00, on day 1 of the month"],
    ["@yearly", "At 00:00, on day 1 of the month, in January"],
    ["@ANNUALLY", "At 00:00, on day 1 of the month, in January"],
  ])("%s", (text, words) => {
    expect(describeCron(parseCron(text))).toBe(words);
  });
});

describe("cautions", () => {
  test.each([
    [
      "0 0 12 * *",
      [
        '"0 0 12 * *" has five fields and is Unix cron (minute hour day month weekday); did you mean Quartz\'s "0 0 12 * * ?"?',
      ],
    ],
    ["0 0 13 * 5", ["Both day fields are restricted: in Unix cron it fires when either matches."]],
    ["0 0 12 ? * 1-5", ['With six or seven fields weekdays count from Sunday as 1: "1-5" means Sunday to Thursday.']],
    ["0 0 12 ? * MON-FRI", []],
    ["0 0 12 ? * FRI#3", []],
    ["0 12 * * *", []],
    ["@monthly", []],
  ])("%s", (text, cautions) => {
    expect(cautionsFor(parseCron(text))).toEqual(cautions);
  });
});

test("case, surrounding space and tabs do not matter", () => {
  const cron = parseCron("  0 15\t10 ?  jan  fri#3 ");
  expect(cron.source).toBe("0 15 10 ? JAN FRI#3");
  expect(cron.dialect).toBe("quartz");
});

test("whatever is typed is read or refused by CronError, and fast", () => {
  const piece = fc.constantFrom(
    ..."*?LW#/-,0123456789 ",
    "MON",
    "FEB",
    "2027",
    "31",
    "* ",
    " ? ",
    "@",
    "É",
    "\u0000",
    "1-5",
  );
  const field = fc.constantFrom(
    "*",
    "?",
    "0",
    "5",
    "*/7",
    "1-5",
    "22-2",
    "L",
    "LW",
    "29",
    "31",
    "6#5",
    "6L",
    "FEB",
    "FRI",
    "30W",
    "1,7",
    "2/3",
  );
  const typed = fc.oneof(
    fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join("")),
    fc.array(field, { minLength: 5, maxLength: 7 }).map((fields) => fields.join(" ")),
    fc.tuple(field, field, field).map(([hour, days, month]) => `0 0 ${hour} ${days} ${month} ?`),
    fc.tuple(field, field, field).map(([minute, month, weekday]) => `* ${minute} * ? ${month} ${weekday}`),
    fc.string({ maxLength: 1_200 }),
  );
  const slowest = { parse: { ms: 0, text: "" }, next: { ms: 0, text: "" } };
  // What looks slow is done again: a busy machine or a collection of garbage is no fault of the expression.
  const timed = <Result>(kind: "parse" | "next", text: string, work: () => Result): Result => {
    let best = Infinity;
    for (let run = 0; ; run++) {
      const start = performance.now();
      const result = work();
      best = Math.min(best, performance.now() - start);
      if (best > slowest[kind].ms && run < 4) continue;
      if (best > slowest[kind].ms) slowest[kind] = { ms: best, text };
      return result;
    }
  };
  fc.assert(
    fc.property(typed, (text) => {
      const cron = timed("parse", text, () => parseOrNull(text));
      if (cron === null) return;
      const now = Date.UTC(2027, 1, 1);
      timed("next", text, () => nextOccurrence(cron, "America/Toronto", now));
      timed("next", text, () => previousOccurrence(cron, "America/Toronto", now));
      expect(describeCron(cron)).not.toMatch(/undefined|NaN|,,|, $/);
    }),
    { numRuns: 20_000 },
  );
  const shown = (kind: "parse" | "next"): string =>
    `${kind} ${slowest[kind].ms.toFixed(2)} ms (${JSON.stringify(slowest[kind].text.slice(0, 60))})`;
  process.stdout.write(`cron fuzz, slowest: ${shown("parse")}, ${shown("next")}\n`);
  expect(Math.max(slowest.parse.ms, slowest.next.ms)).toBeLessThan(5);
});

function refusal(text: string): CronError {
  try {
    parseCron(text);
  } catch (error) {
    if (error instanceof CronError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(text)} was accepted`);
}

function parseOrNull(text: string): ReturnType<typeof parseCron> | null {
  try {
    return parseCron(text);
  } catch (error) {
    if (error instanceof CronError) return null;
    throw error;
  }
}

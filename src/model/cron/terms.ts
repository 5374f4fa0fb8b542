import { CronError, quote } from "./cron-error.ts";
import { type Dialect, type FieldRule, namedField, quartzFields, unixFields } from "./fields.ts";

/** One part of a field's list, as written; weekdays keep the numbers of their dialect. */
export type Term =
  /** `*` (step 1), `*` with a step, Quartz's `/n`. */
  | { readonly kind: "every"; readonly step: number }
  | { readonly kind: "value"; readonly value: number }
  /** `a-b`, `a-b/n`; `to` may be smaller than `from` where the range runs over the end. */
  | { readonly kind: "range"; readonly from: number; readonly to: number; readonly step: number }
  /** `a/n`: from `from` to the end of the field. */
  | { readonly kind: "from"; readonly from: number; readonly step: number }
  /** `?` */
  | { readonly kind: "any" }
  /** `L`, `L-3`, `LW`, `L-3W` in the day of month. */
  | { readonly kind: "lastDay"; readonly offset: number; readonly nearestWeekday: boolean }
  /** `15W` */
  | { readonly kind: "nearestWeekday"; readonly day: number }
  /** `6L` in the day of week. */
  | { readonly kind: "lastWeekday"; readonly weekday: number }
  /** `6#3` */
  | { readonly kind: "nthWeekday"; readonly weekday: number; readonly nth: number };

/** Largest offset of `L-n` (Quartz `MAX_LAST_DAY_OFFSET`). */
const maxLastDayOffset = 30;

const quartzOnly = /[?LW#]/;

/**
 * The terms of one field, in order.
 *
 * @param text upper case, without white space, at least one character
 * @throws CronError naming the field, the part and the fault
 */
export function parseField(text: string, rule: FieldRule, dialect: Dialect): readonly Term[] {
  const parts = text.split(",");
  const terms = parts.map((part) => parseTerm(part, rule, dialect));
  if (parts.length === 1) return terms;
  for (const [index, term] of terms.entries()) {
    const part = parts[index] ?? "";
    if (term.kind === "any") throw fault(rule, part, '"?" must stand alone in its field');
    // Quartz refuses lists with L and with several # here, and answers wrongly for lists with one #.
    if (term.kind === "lastWeekday" || term.kind === "nthWeekday" || part === "L") {
      if (rule.key !== "dayOfWeek") continue;
      throw fault(rule, part, `${quote(part)} must stand alone in its field`, "use one schedule for each");
    }
  }
  return terms;
}

function parseTerm(part: string, rule: FieldRule, dialect: Dialect): Term {
  if (part === "") throw fault(rule, part, "there is nothing before or after a comma", "take the comma out");
  if (part === "*") return { kind: "every", step: 1 };
  if (/^\d{1,4}$/.test(part)) return { kind: "value", value: inRange(part, rule, dialect, part) };
  const special = dialect === "quartz" ? parseSpecial(part, rule) : null;
  if (special) return special;

  const slash = part.indexOf("/");
  if (slash === -1) return parseRange(part, rule, dialect, part);
  const base = part.slice(0, slash);
  const stepText = part.slice(slash + 1);
  const step = /^\d{1,4}$/.test(stepText) ? Number(stepText) : null;
  if (step === null) throw fault(rule, part, `${quote(stepText)} is not a step`, 'write a number after "/"');
  if (step === 0) throw fault(rule, part, "a step of 0 never moves on", 'take "/0" out, or use a step of 1 or more');

  if (base === "*" || (base === "" && dialect === "quartz")) {
    checkStep(part, step, rule);
    return { kind: "every", step };
  }
  const term = parseRange(base, rule, dialect, part);
  if (term.kind === "range") return { ...term, step };
  if (term.kind !== "value") throw fault(rule, part, `${quote(base)} cannot have a step`);
  checkStep(part, step, rule);
  return { kind: "from", from: term.value, step };
}

/** What only Quartz has: `?`, `L`, `W`, `#`. Null for an ordinary part. */
function parseSpecial(part: string, rule: FieldRule): Term | null {
  if (part === "?") {
    if (rule.key === "dayOfMonth" || rule.key === "dayOfWeek") return { kind: "any" };
    throw fault(rule, part, '"?" belongs in the day of month or the day of week only', 'write "*"');
  }
  if (rule.key === "dayOfMonth") return parseSpecialDay(part, rule);
  if (rule.key === "dayOfWeek") return parseSpecialWeekday(part, rule);
  if (/^(?:L(?:-\d+)?W?|\d+[LW]|\w+#\d+)$/.test(part)) {
    throw fault(rule, part, `${quote(part)} belongs in the day of month or the day of week only`);
  }
  return null;
}

function parseSpecialDay(part: string, rule: FieldRule): Term | null {
  const last = /^L(?:-(\d{1,4}))?(W)?$/.exec(part);
  if (last) {
    const offset = Number(last[1] ?? 0);
    if (offset > maxLastDayOffset) {
      throw fault(rule, part, `${offset} days before the last day is out of range 0–${maxLastDayOffset}`);
    }
    return { kind: "lastDay", offset, nearestWeekday: last[2] !== undefined };
  }
  const nearest = /^(\d{1,4})W$/.exec(part);
  if (nearest) return { kind: "nearestWeekday", day: inRange(nearest[1] ?? "", rule, "quartz", part) };
  if (part === "WL") throw fault(rule, part, `${quote(part)} is not a day`, 'did you mean "LW"?');
  const inWrongField = /^(?:\d+L|\w+#\d+)$/.test(part);
  if (inWrongField) throw fault(rule, part, `${quote(part)} is a weekday; it belongs in field 6 (day of week)`);
  return null;
}

function parseSpecialWeekday(part: string, rule: FieldRule): Term | null {
  // Quartz: "L" alone in the day of week is 7, each Saturday.
  if (part === "L") return { kind: "value", value: rule.max };
  const last = /^(\d{1,4}|[A-Z]{3,})L$/.exec(part);
  if (last) return { kind: "lastWeekday", weekday: inRange(last[1] ?? "", rule, "quartz", part) };
  const nth = /^([^#]+)#([^#]*)$/.exec(part);
  if (nth) {
    const weekday = inRange(nth[1] ?? "", rule, "quartz", part);
    const count = nth[2] ?? "";
    if (/^[1-5]$/.test(count)) return { kind: "nthWeekday", weekday, nth: Number(count) };
    throw fault(rule, part, `${quote(count)} after "#" is out of range 1–5`, 'use "L" for the last one, as in "6L"');
  }
  if (/^(?:L-\d+W?|LW|\d+W)$/.test(part)) {
    throw fault(rule, part, `${quote(part)} is a day of the month; it belongs in field 4 (day of month)`);
  }
  return null;
}

function parseRange(text: string, rule: FieldRule, dialect: Dialect, part: string): Term {
  const ends = text.split("-");
  if (ends.length > 2) throw fault(rule, part, `${quote(text)} has more than one "-"`);
  const from = inRange(ends[0] ?? "", rule, dialect, part);
  if (ends.length === 1) return { kind: "value", value: from };
  const to = inRange(ends[1] ?? "", rule, dialect, part);
  if (to >= from || rule.wrap !== null) return { kind: "range", from, to, step: 1 };
  // `FRI-SUN` in Unix: Sunday is 7 as well as 0.
  if (rule.key === "dayOfWeek" && to === 0) return { kind: "range", from, to: 7, step: 1 };
  const both = rule.key === "year" ? undefined : `did you mean "${from}-${rule.max},${rule.min}-${to}"?`;
  throw fault(rule, part, `the range ${quote(text)} ends before it begins`, both);
}

/** A number or name of the field as its number. */
function inRange(text: string, rule: FieldRule, dialect: Dialect, part: string): number {
  if (/^\d{1,4}$/.test(text)) {
    const value = Number(text);
    if (value >= rule.min && value <= rule.max) return value;
    throw fault(rule, part, `${value} is out of range ${rule.min}–${rule.max}`, rangeHint(value, rule, dialect));
  }
  const named = rule.names?.get(text);
  if (named !== undefined) return named;
  throw notAValue(text, rule, dialect, part);
}

function rangeHint(value: number, rule: FieldRule, dialect: Dialect): string | undefined {
  if (value === 60 && rule.max === 59) return "did you mean 0?";
  if (rule.key === "hour" && value === 24) return "midnight is hour 0";
  if (rule.key === "dayOfWeek" && dialect === "quartz" && value === 0) {
    return "with six or seven fields weekdays count from 1 (SUN) to 7 (SAT); did you mean SUN?";
  }
  return undefined;
}

function notAValue(text: string, rule: FieldRule, dialect: Dialect, part: string): CronError {
  if (text === "") {
    return fault(rule, part, `${quote(part)} lacks a value`, part.startsWith("-") ? "no value is negative" : undefined);
  }
  if (/^\d+$/.test(text)) return fault(rule, part, `${quote(text)} is out of range ${rule.min}–${rule.max}`);
  const named = /^[A-Z]{3,}$/.test(text) ? namedField(text) : null;
  if (named && named !== rule.key) {
    const home = (dialect === "unix" ? unixFields : quartzFields).find((field) => field.key === named);
    const what = named === "month" ? "a month" : "a weekday";
    return fault(rule, part, `${quote(text)} is ${what}; it belongs in field ${home?.position} (${home?.name})`);
  }
  if (named) return fault(rule, part, `${quote(text)} is not a name of three letters`, `write ${text.slice(0, 3)}`);
  if (dialect === "unix" && quartzOnly.test(text)) {
    return fault(rule, part, `${quote(text)} is Quartz's, which has six or seven fields, seconds first`);
  }
  const allowed = rule.names ? `${[...rule.names.keys()].join(", ")} or ${rule.min}–${rule.max}` : null;
  return fault(rule, part, `${quote(text)} is not a value`, `use ${allowed ?? `${rule.min}–${rule.max}`}`);
}

function checkStep(part: string, step: number, rule: FieldRule): void {
  if (step <= rule.maxStep) return;
  const fires = rule.key === "year" ? "" : ", so it would only ever be its first value";
  throw fault(rule, part, `the step ${step} is out of range 1–${rule.maxStep}${fires}`);
}

function fault(rule: FieldRule, part: string, text: string, hint?: string): CronError {
  return new CronError(text, { field: rule, part, hint });
}

import { addBit, type BitSet, bitSet, hasBit } from "./bits.ts";
import { dayOf, firstYear, lastYear, monthLength, weekdayOf } from "./calendar.ts";
import { CronError, quote } from "./cron-error.ts";
import { type DayMasks, dayMasks, isRestricted, monthShape, valuesOf } from "./day-masks.ts";
import { type Dialect, type FieldKey, type FieldRule, lastNamedYear, quartzFields, unixFields } from "./fields.ts";
import { parseField, type Term } from "./terms.ts";

/** An expression, parsed: what it says (`terms`) and the bit sets that searches use. Never changes. */
export interface CronExpression {
  /** As given, upper case, single spaces between the fields; a nickname as the five fields that it stands for. */
  readonly source: string;
  /** The nickname that was given (`@daily`), or `null`. */
  readonly nickname: string | null;
  readonly dialect: Dialect;
  /** Each field's list; `second` is 0 for Unix, `year` is `null` where none is given. */
  readonly terms: CronTerms;
  /** 0–59; Unix: 0 alone. */
  readonly seconds: BitSet;
  /** 0–59 */
  readonly minutes: BitSet;
  /** 0–23 */
  readonly hours: BitSet;
  /** 1–12 */
  readonly months: BitSet;
  /** Years less 1970, or `null` for every year. */
  readonly years: BitSet | null;
  readonly days: DayMasks;
  /**
   * Whether it follows elapsed time through a change of the clocks, rather than being at fixed times: hours or minutes
   * are a `*`, with or without a step, or `0/n`, written so; a list or a range that comes to the same is fixed times.
   */
  readonly followsElapsedTime: boolean;
}

/** The terms of each field. */
export interface CronTerms {
  readonly second: readonly Term[];
  readonly minute: readonly Term[];
  readonly hour: readonly Term[];
  readonly dayOfMonth: readonly Term[];
  readonly month: readonly Term[];
  readonly dayOfWeek: readonly Term[];
  readonly year: readonly Term[] | null;
}

/**
 * Longest expression that is read, in characters. Every value of every field fits: 1,000 characters are refused at
 * once, whatever they hold.
 */
export const maxCronLength = 1_000;

const nicknames: ReadonlyMap<string, string> = new Map([
  ["@HOURLY", "0 * * * *"],
  ["@DAILY", "0 0 * * *"],
  ["@MIDNIGHT", "0 0 * * *"],
  ["@WEEKLY", "0 0 * * 0"],
  ["@MONTHLY", "0 0 1 * *"],
  ["@YEARLY", "0 0 1 1 *"],
  ["@ANNUALLY", "0 0 1 1 *"],
]);

/**
 * Reads a cron expression: five fields are Unix cron, six or seven are Quartz, `@daily` and its like are nicknames.
 * Upper and lower case are the same.
 *
 * @throws CronError it breaks a rule of its dialect, or can never fire (`31 FEB`)
 */
export function parseCron(expression: string): CronExpression {
  if (expression.length > maxCronLength) {
    throw new CronError(`has ${expression.length} characters; at most ${maxCronLength} are allowed`, {
      hint: "use ranges and steps in place of long lists",
    });
  }
  const text = expression.trim().toUpperCase();
  const nickname = text.startsWith("@") ? text : null;
  const fields = (nickname ? fieldsOfNickname(nickname) : text).split(/\s+/);
  try {
    return parseFields(fields, nickname);
  } catch (error) {
    if (!(error instanceof CronError) || error.hint || nickname) throw error;
    throw withMeaning(error, fields);
  }
}

function fieldsOfNickname(nickname: string): string {
  const fields = nicknames.get(nickname);
  if (fields) return fields;
  const known = [...nicknames.keys()].join(", ").toLowerCase();
  if (nickname === "@REBOOT") {
    throw new CronError('is "@reboot", which is not a time', { part: nickname, hint: `use one of ${known}` });
  }
  throw new CronError(`is ${quote(nickname.toLowerCase())}, which is not a nickname`, {
    part: nickname,
    hint: `use one of ${known}`,
  });
}

function parseFields(fields: readonly string[], nickname: string | null): CronExpression {
  const dialect: Dialect = fields.length <= 5 ? "unix" : "quartz";
  if (fields.length < 5 || fields.length > 7) throw wrongCount(fields);
  const rules = dialect === "unix" ? unixFields : quartzFields;
  const read = (key: FieldKey): readonly Term[] | null => {
    const rule = rules.find((each) => each.key === key);
    const field = rule && fields[rule.position - 1];
    return rule && field !== undefined ? parseField(field, rule, dialect) : null;
  };
  const terms: CronTerms = {
    second: read("second") ?? [{ kind: "value", value: 0 }],
    minute: read("minute") ?? [],
    hour: read("hour") ?? [],
    dayOfMonth: read("dayOfMonth") ?? [],
    month: read("month") ?? [],
    dayOfWeek: read("dayOfWeek") ?? [],
    year: read("year"),
  };
  if (dialect === "quartz") checkDayFields(fields, terms);

  const cron: CronExpression = {
    source: fields.join(" "),
    nickname: nickname?.toLowerCase() ?? null,
    dialect,
    terms,
    seconds: setOf(terms.second, 0, 59, 60),
    minutes: setOf(terms.minute, 0, 59, 60),
    hours: setOf(terms.hour, 0, 23, 24),
    months: setOf(terms.month, 1, 12, 12),
    years: terms.year === null || isEveryValue(terms.year) ? null : yearsOf(terms.year),
    days: dayMasks({ dayOfMonth: terms.dayOfMonth, dayOfWeek: terms.dayOfWeek, dialect }),
    followsElapsedTime: isElapsed(terms.hour) || isElapsed(terms.minute),
  };
  if (!everFires(cron)) throw neverFires(cron, rules);
  return cron;
}

/** Quartz wants `?` in exactly one of the day fields; here `*` in both is accepted too (DESIGN, section 6). */
function checkDayFields(fields: readonly string[], terms: CronTerms): void {
  const dayOpen = terms.dayOfMonth[0]?.kind === "any";
  const weekdayOpen = terms.dayOfWeek[0]?.kind === "any";
  const rule = quartzFields[5];
  if (dayOpen && weekdayOpen) {
    throw new CronError('"?" is in field 4 (day of month) as well; only one of the two may be "?"', {
      field: rule,
      part: "?",
      hint: `did you mean ${quote(withField(fields, 5, "*"))}?`,
    });
  }
  if (dayOpen || weekdayOpen) return;
  const everyDay = fields[3] === "*";
  const everyWeekday = fields[5] === "*";
  if (everyDay && everyWeekday) return;
  throw new CronError('one of this field and field 4 (day of month) must be "?"', {
    field: rule,
    part: fields[5] ?? "",
    hint: everyDay
      ? `did you mean ${quote(withField(fields, 3, "?"))}?`
      : everyWeekday
        ? `did you mean ${quote(withField(fields, 5, "?"))}?`
        : "with six or seven fields a schedule is by one of them; use one schedule for each",
  });
}

function wrongCount(fields: readonly string[]): CronError {
  const empty = fields.length === 1 && fields[0] === "";
  const has = empty ? "is empty" : `has ${fields.length} ${fields.length === 1 ? "field" : "fields"}`;
  return new CronError(`${has}; five (minute hour day month weekday) or six or seven (seconds first) are needed`);
}

/** The same error with a guess at what was meant: the first rewriting that is a valid expression. */
function withMeaning(error: CronError, fields: readonly string[]): CronError {
  for (const guess of guesses(fields)) {
    try {
      parseFields(guess.fields, null);
    } catch {
      continue;
    }
    const hint = `${guess.because}; did you mean ${quote(guess.fields.join(" "))}?`;
    return new CronError(error.fault, { field: error.field ?? undefined, part: error.part ?? "", hint });
  }
  return error;
}

/** What somebody who wrote five fields may have meant: Quartz without its last field, its month or its seconds. */
function* guesses(fields: readonly string[]): Iterable<{ fields: readonly string[]; because: string }> {
  const smellsOfQuartz = fields[0] === "0" || fields.some((field) => /^(?:\?|LW?|L-.*|\d+[LW]|\w+#\d+)$/.test(field));
  if (fields.length !== 5 || !smellsOfQuartz) return;
  const because = "five fields are Unix cron, six are Quartz";
  yield { fields: [...fields, "?"], because };
  yield { fields: [...fields.slice(0, 4), "*", ...fields.slice(4)], because };
  yield { fields: [...fields, "*"], because };
  yield { fields: ["0", ...fields], because };
  yield { fields: fields.map((field) => (field === "?" ? "*" : field)), because: 'Unix cron has no "?"' };
  yield { fields: ["0", ...fields.slice(0, 4), "?"], because };
}

function withField(fields: readonly string[], index: number, text: string): string {
  return fields.map((field, each) => (each === index ? text : field)).join(" ");
}

function setOf(terms: readonly Term[], min: number, max: number, wrap: number): BitSet {
  const set = bitSet(max + 1);
  for (const term of terms) {
    if (term.kind === "value") addBit(set, term.value);
    else for (const value of valuesOf(term, min, max, wrap)) addBit(set, value);
  }
  return set;
}

function yearsOf(terms: readonly Term[]): BitSet {
  const set = bitSet(lastNamedYear - firstYear + 1);
  for (const term of terms) {
    for (const year of valuesOf(term, firstYear, lastNamedYear, 0)) addBit(set, year - firstYear);
  }
  return set;
}

function isEveryValue(terms: readonly Term[]): boolean {
  return terms.some((term) => term.kind === "every" && term.step === 1);
}

function isElapsed(terms: readonly Term[]): boolean {
  if (isEveryValue(terms)) return true;
  const only = terms.length === 1 ? terms[0] : undefined;
  return only?.kind === "every" || (only?.kind === "from" && only.from === 0);
}

function everFires(cron: CronExpression): boolean {
  const lastCandidate = cron.years ? lastNamedYear : firstYear + 27;
  // Any 28 years between 1970 and 2099 hold every shape of every month, so those stand for an open end.
  for (let year = firstYear; year <= Math.min(lastCandidate, lastYear); year++) {
    if (cron.years && !hasBit(cron.years, year - firstYear)) continue;
    for (let month = 1; month <= 12; month++) {
      if (!hasBit(cron.months, month)) continue;
      const shape = monthShape(weekdayOf(dayOf(year, month, 1)), monthLength(year, month));
      if (cron.days[shape] !== 0) return true;
    }
  }
  return false;
}

function neverFires(cron: CronExpression, rules: readonly FieldRule[]): CronError {
  const byDay = isRestricted(cron.terms.dayOfMonth, 31) && cron.terms.dayOfMonth[0]?.kind !== "any";
  const rule = rules.find((each) => each.key === (byDay ? "dayOfMonth" : "dayOfWeek"));
  const part = rule ? (cron.source.split(" ")[rule.position - 1] ?? "") : "";
  const when = cron.years ? "months and years" : "months";
  return new CronError(`it never fires: no such day comes in its ${when}`, {
    field: rule,
    part,
    hint: 'use a day that the month has, or "L" for the last one',
  });
}

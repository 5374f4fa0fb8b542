import fc from "fast-check";

/*
 * Random expressions, each with what it means as plain predicates: an oracle that shares nothing with the parser.
 */

/** Text of a field and which numbers it holds. */
export interface RandomField {
  readonly text: string;
  readonly holds: (value: number) => boolean;
}

/** A field of plain numbers between `min` and `max`; Quartz ranges may run over the end. */
export function fieldOf(min: number, max: number, wraps: boolean): fc.Arbitrary<RandomField> {
  const value = fc.integer({ min, max });
  const size = max - min + 1;
  const single = value.map((only): RandomField => ({ text: `${only}`, holds: (each) => each === only }));
  const range = fc.tuple(value, value, fc.integer({ min: 1, max: 9 })).map(([left, right, step]): RandomField => {
    const [from, to] = wraps || left <= right ? [left, right] : [right, left];
    const length = (to - from + size) % size;
    const distance = (each: number): number => (each - from + size) % size;
    return {
      text: step === 1 ? `${from}-${to}` : `${from}-${to}/${step}`,
      holds: (each) => distance(each) <= length && distance(each) % step === 0,
    };
  });
  const steps = fc.tuple(value, fc.integer({ min: 1, max: Math.min(size - 1, 20) })).map(
    ([from, step]): RandomField => ({
      text: `${from}/${step}`,
      holds: (each) => each >= from && (each - from) % step === 0,
    }),
  );
  const starred = fc.integer({ min: 1, max: Math.min(size - 1, 20) }).map(
    (step): RandomField => ({
      text: step === 1 ? "*" : `*/${step}`,
      holds: (each) => (each - min) % step === 0,
    }),
  );
  const term = fc.oneof(single, range, steps, starred);
  const list = fc.array(fc.oneof(single, range, steps), { minLength: 2, maxLength: 3 }).map(
    (terms): RandomField => ({
      text: terms.map((each) => each.text).join(","),
      holds: (each) => terms.some((one) => one.holds(each)),
    }),
  );
  return fc.oneof({ weight: 3, arbitrary: term }, list);
}

/** A Quartz day-of-month or day-of-week field and on which days, given as UTC dates, it fires. */
export interface RandomDays {
  readonly dayOfMonth: string;
  readonly dayOfWeek: string;
  readonly holds: (day: Date) => boolean;
}

/** Every kind of Quartz day: numbers, `L`, `L-n`, `W`, `LW`, `L-nW`, weekdays, `6L`, `6#3`. */
export function quartzDays(): fc.Arbitrary<RandomDays> {
  const offset = fc.integer({ min: 0, max: 30 });
  const day = fc.integer({ min: 1, max: 31 });
  const weekday = fc.integer({ min: 1, max: 7 });
  const byMonth = (text: string, holds: (day: Date) => boolean): RandomDays => ({
    dayOfMonth: text,
    dayOfWeek: "?",
    holds,
  });
  const byWeek = (text: string, holds: (day: Date) => boolean): RandomDays => ({
    dayOfMonth: "?",
    dayOfWeek: text,
    holds,
  });
  return fc.oneof(
    fieldOf(1, 31, true).map((field) => byMonth(field.text, (date) => field.holds(date.getUTCDate()))),
    offset.map((days) => byMonth(days === 0 ? "L" : `L-${days}`, (date) => date.getUTCDate() === lastOf(date) - days)),
    offset.map((days) =>
      byMonth(days === 0 ? "LW" : `L-${days}W`, (date) => isNearestWeekday(date, lastOf(date) - days)),
    ),
    day.map((wanted) => byMonth(`${wanted}W`, (date) => isNearestWeekday(date, wanted))),
    fieldOf(1, 7, true).map((field) => byWeek(field.text, (date) => field.holds(date.getUTCDay() + 1))),
    weekday.map((wanted) =>
      byWeek(`${wanted}L`, (date) => date.getUTCDay() + 1 === wanted && date.getUTCDate() > lastOf(date) - 7),
    ),
    fc
      .tuple(weekday, fc.integer({ min: 1, max: 5 }))
      .map(([wanted, nth]) =>
        byWeek(
          `${wanted}#${nth}`,
          (date) => date.getUTCDay() + 1 === wanted && Math.ceil(date.getUTCDate() / 7) === nth,
        ),
      ),
  );
}

/** Zones with every kind of change, and years in which they have it. */
export const restlessZones: readonly { readonly timeZone: string; readonly around: string }[] = [
  { timeZone: "America/Toronto", around: "2027-03-14T07:00:00Z" },
  { timeZone: "America/Toronto", around: "2026-11-01T06:00:00Z" },
  { timeZone: "Europe/London", around: "2027-03-28T01:00:00Z" },
  { timeZone: "Australia/Lord_Howe", around: "2027-10-02T15:30:00Z" },
  { timeZone: "Australia/Lord_Howe", around: "2027-04-03T15:00:00Z" },
  { timeZone: "Africa/Casablanca", around: "2027-02-07T02:00:00Z" },
  { timeZone: "Africa/Casablanca", around: "2027-03-14T02:00:00Z" },
  { timeZone: "Pacific/Apia", around: "2011-12-30T10:00:00Z" },
  { timeZone: "America/Santiago", around: "2027-09-05T04:00:00Z" },
  { timeZone: "Asia/Gaza", around: "2040-10-26T23:00:00Z" },
  { timeZone: "America/Caracas", around: "2007-12-09T07:00:00Z" },
  { timeZone: "America/Toronto", around: "2076-11-01T06:00:00Z" },
];

function lastOf(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

/** Walks outwards from the wanted day to the nearest Monday to Friday of its month. */
function isNearestWeekday(date: Date, wanted: number): boolean {
  const last = lastOf(date);
  if (wanted < 1 || wanted > last) return false;
  for (const step of [0, -1, 1, -2, 2]) {
    const day = wanted + step;
    const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day)).getUTCDay();
    if (day >= 1 && day <= last && weekday >= 1 && weekday <= 5) return date.getUTCDate() === day;
  }
  return false;
}

/**
 * What the formats of our schemas accept, where the checker's own are wider than what can be kept: a time must be an instant of the
 * calendar that PostgreSQL and every reader hold, and an email address must be one line that a mail's header can hold.
 */
import { Set as setFormat } from "typebox/format";
import { isEmailAddress } from "../model/email-address.ts";

const dateTime = /^(\d{4}-\d\d-\d\d)[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

const earliest = Date.UTC(1970, 0, 1);
/** RFC 3339 has four digits for the year. */
const latest = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Whether a text is an RFC 3339 time from 1970 to 9999, without a leap second, which no clock of ours can name. */
export function isTimestamp(text: string): boolean {
  const [, day] = dateTime.exec(text) ?? [];
  if (day === undefined || !isDay(day)) return false;
  const instant = Date.parse(text.toUpperCase());
  return instant >= earliest && instant <= latest;
}

/** V8 reads 2026-02-30 as the 2nd of March. */
function isDay(text: string): boolean {
  const instant = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
}

setFormat("date-time", isTimestamp);
setFormat("email", isEmailAddress);

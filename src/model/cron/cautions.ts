import { isRestricted } from "./day-masks.ts";
import { weekdayTerm } from "./describe-cron.ts";
import type { CronExpression } from "./parse-cron.ts";

/**
 * Readings that are easily got wrong, as sentences: five fields that look like Quartz, weekday numbers of Quartz that
 * look like Unix, two day fields of which either suffices.
 */
export function cautionsFor(cron: CronExpression): string[] {
  const { dayOfMonth, dayOfWeek } = cron.terms;
  const fields = cron.source.split(" ");
  const notes: string[] = [];
  if (cron.dialect === "unix" && cron.nickname === null) {
    const looksLikeQuartz =
      fields[0] === "0" && /^\d+$/.test(fields[2] ?? "") && fields[3] === "*" && fields[4] === "*" && fields[1] !== "*";
    if (looksLikeQuartz && Number(fields[2]) < 24) {
      notes.push(
        `"${cron.source}" has five fields and is Unix cron (minute hour day month weekday); did you mean Quartz's "${cron.source} ?"?`,
      );
    }
    if (isRestricted(dayOfMonth, 31) && isRestricted(dayOfWeek, 7)) {
      notes.push("Both day fields are restricted: in Unix cron it fires when either matches.");
    }
  }
  if (cron.dialect === "quartz" && /\d/.test((fields[5] ?? "").replace(/[#/]\d+/g, "")) && dayOfWeek[0]) {
    const names = dayOfWeek.map((term) => weekdayTerm(term, cron.dialect)).join(", ");
    notes.push(`With six or seven fields weekdays count from Sunday as 1: "${fields[5]}" means ${names}.`);
  }
  return notes;
}

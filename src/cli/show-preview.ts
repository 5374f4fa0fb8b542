import { wallText, weekdayOf } from "../model/cron/calendar.ts";
import { rfc3339, type SchedulePreview } from "../model/cron/preview.ts";
import { stretchAt, zoneOf } from "../model/cron/zone.ts";

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const dialects = { unix: "Unix cron", quartz: "Quartz" };

/** A preview as text: the expression, its meaning, a table of its times on the zone's clocks and in UTC, and notes. */
export function showPreview({ cron, dialect, description, timeZone, next, notes }: SchedulePreview): string {
  const rows = next.map((time) => [localTime(time, timeZone), rfc3339(time)] as const);
  const width = Math.max(timeZone.length, ...rows.map(([local]) => local.length));
  return [
    `${cron}   (${dialects[dialect]})`,
    `${description}, ${timeZone}`,
    "",
    ...(rows.length === 0 ? [] : [`${timeZone.padEnd(width)}   UTC`]),
    ...rows.map(([local, utc]) => `${local.padEnd(width)}   ${utc}`),
    ...(rows.length > 0 && notes.length > 0 ? [""] : []),
    ...notes.map((note) => `! ${note}`),
  ].join("\n");
}

/** `Sun 2027-03-14 03:00:00 -04:00`: what the clocks of the zone show, and how far they are ahead of UTC. */
function localTime(time: number, timeZone: string): string {
  const seconds = time / 1000;
  const { offset } = stretchAt(zoneOf(timeZone), seconds);
  const wall = seconds + offset;
  const weekday = weekdays[weekdayOf(Math.floor(wall / 86_400))] ?? "";
  return `${weekday} ${wallText(wall).replace("T", " ")} ${offsetText(offset)}`;
}

function offsetText(offset: number): string {
  const minutes = Math.floor(Math.abs(offset) / 60);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

import { openSchedule, type Schedule } from "../cron/schedule.ts";
import { type GivenSchedule, resolveSchedule, type Schedule as ScheduleRules } from "../schedule.ts";

/** A stored schedule, ready to be asked. */
export interface OpenedSchedule {
  readonly times: Schedule;
  readonly rules: ScheduleRules;
}

/** Most schedules that are kept open. One with excluded crons remembers much, so fewer of those are. */
const mostKept = 10_000;
const mostKeptLarge = 100;

const kept = new Map<string, OpenedSchedule>();
const keptLarge = new Map<string, OpenedSchedule>();

/**
 * Opens a schedule as it is stored; those that were asked for last are kept.
 *
 * @throws CronError, RangeError where this node cannot read it, for instance because it does not know the time zone
 */
export function openStored(text: string): OpenedSchedule {
  const known = touched(kept, text) ?? touched(keptLarge, text);
  if (known) return known;
  const given: GivenSchedule = JSON.parse(text);
  const opened = { times: openSchedule(given), rules: resolveSchedule(given) };
  if (opened.rules.exclude.crons.length === 0) keep(kept, text, opened, mostKept);
  else keep(keptLarge, text, opened, mostKeptLarge);
  return opened;
}

function touched(map: Map<string, OpenedSchedule>, text: string): OpenedSchedule | undefined {
  const found = map.get(text);
  if (!found) return undefined;
  map.delete(text);
  map.set(text, found);
  return found;
}

function keep(map: Map<string, OpenedSchedule>, text: string, opened: OpenedSchedule, most: number): void {
  const [oldest] = map.keys();
  if (map.size >= most && oldest !== undefined) map.delete(oldest);
  map.set(text, opened);
}

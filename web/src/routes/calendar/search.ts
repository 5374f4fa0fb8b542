/** What the address of the calendar says. */
export interface CalendarSearch {
  /** Weeks from this one; 0 is absent. */
  week?: number;
}

/** How far the calendar leads, in weeks. */
const furthest = 52;

/** Reads the address; what is not understood is this week. */
export function readCalendarSearch({ week }: Record<string, unknown>): CalendarSearch {
  const number = Number(week);
  return { week: Number.isInteger(number) && number !== 0 && Math.abs(number) <= furthest ? number : undefined };
}

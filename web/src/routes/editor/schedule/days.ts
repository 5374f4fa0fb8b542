/** Days as `YYYY-MM-DD`, in a zone. */

const days = new Map<string, Intl.DateTimeFormat>();
const times = new Map<string, Intl.DateTimeFormat>();

/** The day of a time, in a zone. */
export function dayIn(time: string, timeZone: string): string {
  // Sweden writes dates as ISO 8601 does.
  return kept(days, timeZone, "sv-SE", { year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(time));
}

/** The time of day, in a zone: `06:00`. */
export function timeIn(time: string, timeZone: string): string {
  return kept(times, timeZone, "sv-SE", { hour: "2-digit", minute: "2-digit" }).format(new Date(time));
}

/** All days of a month, `YYYY-MM`. */
export function daysOfMonth(month: string): string[] {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: count }, (_, index) => `${month}-${String(index + 1).padStart(2, "0")}`);
}

function kept(
  formats: Map<string, Intl.DateTimeFormat>,
  timeZone: string,
  locale: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = formatOrUtc(locale, options, timeZone);
  formats.set(timeZone, made);
  return made;
}

/** In UTC where the browser does not know the zone: the node's list may be newer. */
function formatOrUtc(locale: string, options: Intl.DateTimeFormatOptions, timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
  }
}

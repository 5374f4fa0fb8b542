/** Times and lengths as mails write them. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** A time in the schedule's zone, and in UTC where that is another: the day again only where it is another too. */
export function timeLines(iso: string, timeZone: string): string[] {
  const at = new Date(iso);
  const utc = formatIn("UTC", at);
  if (timeZone === "UTC" || timeZone === "Etc/UTC") return [`${utc} UTC`];
  const local = formatIn(timeZone, at);
  const isSameDay = local.slice(0, -clockLength) === utc.slice(0, -clockLength);
  return [local, `${timeZone}; ${isSameDay ? utc.slice(-clockLength) : utc} UTC`];
}

/** Of `03:00:00`. */
const clockLength = 8;

function formatIn(timeZone: string, at: Date): string {
  return formatOf(timeZone).format(at);
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  // A handful of zones in practice; hundreds in all.
  formats.set(timeZone, format);
  return format;
}

/** A length of time: `840 ms`, `12.4 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(Math.floor(milliseconds / 100) / 10).toString()} s`;
  const seconds = Math.floor(milliseconds / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1_440)} d ${Math.floor((minutes % 1_440) / 60)} h`;
}

/** A size: `512 bytes`, `12.3 KiB`, `4.0 MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const kibi = bytes / 1024;
  return kibi < 1024 ? `${kibi.toFixed(1)} KiB` : `${(kibi / 1024).toFixed(1)} MiB`;
}

/** Times in a zone that is said, beside the viewer's own. */
import { formatInstant } from "./time.tsx";

/** The viewer's zone, as the browser knows it. */
export const viewerZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  if (!formats.has(timeZone)) formats.set(timeZone, makeFormat(timeZone));
  return formats.get(timeZone);
}

/** @returns undefined where the browser knows no such zone: the node's list may be newer */
function makeFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat(undefined, {
      timeZone,
      weekday: "short",
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
      timeZoneName: "short",
    });
  } catch {
    return undefined;
  }
}

/** `Wed, 25 Nov, 06:00 CET`, in a zone. */
export function formatInZone(time: string, timeZone: string): string {
  return formatOf(timeZone)?.format(new Date(time)) ?? new Date(time).toISOString();
}

/** A time in a zone; the viewer's own on hover. */
export function ZoneTime({ time, timeZone = viewerZone }: { time: string; timeZone?: string }) {
  return (
    <time dateTime={time} title={formatInstant(time)} className="number">
      {formatInZone(time, timeZone)}
    </time>
  );
}

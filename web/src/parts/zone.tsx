/** Times in a zone that is said, beside the viewer's own. */
import { formatInstant } from "./time.tsx";

/** The viewer's zone, as the browser knows it. */
export const viewerZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

interface Shape {
  /** Whether the zone's short name stands behind the time. */
  readonly isNamed: boolean;
  readonly hasSeconds: boolean;
}

function formatOf(timeZone: string, shape: Shape): Intl.DateTimeFormat | undefined {
  const key = `${timeZone} ${shape.isNamed} ${shape.hasSeconds}`;
  if (!formats.has(key)) formats.set(key, makeFormat(timeZone, shape));
  return formats.get(key);
}

/** @returns undefined where the browser knows no such zone: the node's list may be newer */
function makeFormat(timeZone: string, { isNamed, hasSeconds }: Shape): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat(undefined, {
      timeZone,
      weekday: "short",
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
      ...(hasSeconds && { second: "2-digit" }),
      ...(isNamed && { timeZoneName: "short" }),
    });
  } catch {
    return undefined;
  }
}

/** `Wed, 25 Nov, 06:00`, in a zone, with seconds where it is between minutes; with the zone's short name where that is asked for. */
export function formatInZone(time: string, timeZone: string, isNamed = false): string {
  const instant = new Date(time);
  return (
    formatOf(timeZone, { isNamed, hasSeconds: instant.getUTCSeconds() !== 0 })?.format(instant) ?? instant.toISOString()
  );
}

interface ZoneTimeProps {
  readonly time: string;
  /** IANA name; the viewer's own unless said. */
  readonly timeZone?: string;
  /** Whether the zone's short name stands behind the time. */
  readonly isNamed?: boolean;
}

/** A time in a zone; the viewer's own on hover. */
export function ZoneTime({ time, timeZone = viewerZone, isNamed = false }: ZoneTimeProps) {
  return (
    <time dateTime={time} title={formatInstant(time)} className="number">
      {formatInZone(time, timeZone, isNamed)}
    </time>
  );
}

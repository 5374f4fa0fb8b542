/** Times and durations, in the viewer's zone and in one way everywhere. */
import { useSyncExternalStore } from "react";

const instant = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const short = new Intl.DateTimeFormat(undefined, {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});
const relative = new Intl.RelativeTimeFormat("en", { numeric: "always", style: "narrow" });

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `Nov 24, 2026, 10:05:00 AM`, in the viewer's zone. */
export function formatInstant(time: string): string {
  return instant.format(new Date(time));
}

/** `340 ms`, `12.4 s`, `3 min 5 s`, `2 h 4 min`, `3 d 2 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1) return ms === 0 ? "0 ms" : "< 1 ms";
  if (ms < second) return `${Math.round(ms)} ms`;
  if (ms < minute) return `${(ms / second).toFixed(ms < 10 * second ? 2 : 1)} s`;
  if (ms < hour) return twoUnits(ms, minute, "min", second, "s");
  if (ms < day) return twoUnits(ms, hour, "h", minute, "min");
  return twoUnits(ms, day, "d", hour, "h");
}

function twoUnits(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const whole = Math.floor(ms / large);
  const rest = Math.floor((ms % large) / small);
  return rest === 0 ? `${whole} ${largeName}` : `${whole} ${largeName} ${rest} ${smallName}`;
}

/** `5m ago`, `in 2h`; longer ago than a week, the date. */
export function formatAgo(time: string, now: number): string {
  const ms = Date.parse(time) - now;
  const size = Math.abs(ms);
  if (size < 5 * second) return ms <= 0 ? "just now" : "in a moment";
  if (size < minute) return relative.format(Math.round(ms / second), "second");
  if (size < hour) return relative.format(Math.round(ms / minute), "minute");
  if (size < day) return relative.format(Math.round(ms / hour), "hour");
  if (size < 7 * day || ms > 0) return relative.format(Math.round(ms / day), "day");
  return short.format(new Date(time));
}

let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const one of listeners) one();
  }, second);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time, once a second, in milliseconds. One timer serves the whole page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** How long ago, or in how long; the exact time on hover. */
export function Ago({ time }: { time: string }) {
  const at = useNow();
  return (
    <time dateTime={time} title={formatInstant(time)} className="number">
      {formatAgo(time, at)}
    </time>
  );
}

/** Time since a moment, counting. */
export function Since({ time }: { time: string }) {
  const at = useNow();
  const seconds = Math.max(0, Math.floor((at - Date.parse(time)) / second));
  return (
    <span className="number">{seconds === 0 ? "0 s" : formatDuration(seconds * second).replace(/\.0+ s$/, " s")}</span>
  );
}

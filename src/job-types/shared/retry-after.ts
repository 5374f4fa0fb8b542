import type { OutgoingResponse } from "../contract.ts";

/** A day: who asks for more is asked again then. */
const maxRetryAfterSeconds = 86_400;

/** Seconds that `Retry-After` asks for (RFC 9110, section 10.2.3), 0–86,400, by the clock of whoever sent it. */
export function retryAfterSeconds(headers: OutgoingResponse["headers"], now: Date): number | undefined {
  const value = headers["retry-after"];
  if (typeof value !== "string") return undefined;
  if (/^\d+$/.test(value)) return Math.min(Number(value), maxRetryAfterSeconds);
  const until = Date.parse(value);
  if (Number.isNaN(until)) return undefined;
  const sent = typeof headers.date === "string" ? Date.parse(headers.date) : Number.NaN;
  const seconds = Math.ceil((until - (Number.isNaN(sent) ? now.getTime() : sent)) / 1000);
  return Math.min(Math.max(seconds, 0), maxRetryAfterSeconds);
}

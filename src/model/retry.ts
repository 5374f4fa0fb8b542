/** When a failed attempt is tried again. */
import type { RetryOptions } from "./job-options.ts";

/**
 * Milliseconds to wait before the attempt that follows `attempt`.
 *
 * Exponential backoff doubles from `initialSeconds` up to `maxSeconds`; a random part of up to a quarter is taken
 * off ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015), so that jobs that failed together do not come back together.
 *
 * @param attempt the attempt that failed, from 1
 * @param random a number in [0, 1)
 * @param askedSeconds what the other end asked for (`Retry-After`); the pause is at least that, up to `maxSeconds`
 */
export function retryDelayMs(retry: RetryOptions, attempt: number, random: number, askedSeconds = 0): number {
  const factor = retry.backoff === "exponential" ? 2 ** Math.min(attempt - 1, 30) : 1;
  const seconds = Math.min(retry.initialSeconds * factor, retry.maxSeconds);
  const jittered = seconds * (1 - random / 4);
  return Math.round(Math.max(jittered, Math.min(askedSeconds, retry.maxSeconds)) * 1000);
}

import type { GuardedFetch } from "../model/outgoing-request.ts";

/**
 * The way out of one run, which ends with it: what a run that was dropped, or that has returned, has left behind sends nothing more,
 * and what it is sending is broken off.
 *
 * @param signal of the run; aborted when it is over at the latest
 */
export function createRunFetch(fetch: GuardedFetch, signal: AbortSignal): GuardedFetch {
  return async (request) => {
    signal.throwIfAborted();
    if (request.signal === signal) return fetch(request);
    return fetch({ ...request, signal: AbortSignal.any([request.signal, signal]) });
  };
}

import type { GuardedFetch, InspectedFetch, InspectRequest } from "../model/outgoing-request.ts";
import type { OpenSftp } from "../model/outgoing-sftp.ts";
import type { RunAbort } from "./run-abort.ts";

/**
 * The way out of one run, which ends with it: what a run that was dropped, or that has returned, has left behind sends nothing more,
 * and what it is sending is broken off.
 *
 * @param abort of the run; aborted when it is over at the latest
 */
export function createRunFetch(fetch: InspectedFetch, inspect: InspectRequest, abort: RunAbort): GuardedFetch {
  return (request) => {
    if (abort.aborted) return Promise.reject(abort.reason);
    const { signal: own } = request;
    const signal = own === undefined || own === abort.signal ? abort : AbortSignal.any([own, abort.signal]);
    return fetch({ ...request, signal }, inspect);
  };
}

/** The same for sessions with SFTP servers. */
export function createRunSftp(open: OpenSftp, abort: RunAbort): OpenSftp {
  return async (login) => {
    abort.throwIfAborted();
    const { signal } = abort;
    if (login.signal === signal) return open(login);
    return open({ ...login, signal: AbortSignal.any([login.signal, signal]) });
  };
}

import type { GuardedFetch } from "../model/outgoing-request.ts";
import type { OpenSftp } from "../model/outgoing-sftp.ts";
import type { RunAbort } from "./run-abort.ts";

/**
 * The way out of one run, which ends with it: what a run that was dropped, or that has returned, has left behind sends nothing more,
 * and what it is sending is broken off.
 *
 * @param abort of the run; it comes when that is over at the latest
 */
export function createRunFetch(fetch: GuardedFetch, abort: Pick<RunAbort, "signal">): GuardedFetch {
  return async (request) => {
    const { signal } = abort;
    signal.throwIfAborted();
    if (request.signal === signal) return fetch(request);
    return fetch({ ...request, signal: AbortSignal.any([request.signal, signal]) });
  };
}

/** The same for sessions with SFTP servers. */
export function createRunSftp(open: OpenSftp, abort: Pick<RunAbort, "signal">): OpenSftp {
  return async (login) => {
    const { signal } = abort;
    signal.throwIfAborted();
    if (login.signal === signal) return open(login);
    return open({ ...login, signal: AbortSignal.any([login.signal, signal]) });
  };
}

/**
 * What ends a run before its time, or tells what it has left behind that it is over.
 *
 * States: going → aborted, once. Invariants: a listener hears of it once, in the order of their coming; the AbortSignal that job code may
 * ask for says the same at every moment. It costs as much as all the rest of a short run, so it is made when it is first looked at.
 */
import type { StopSignal } from "../model/stop-signal.ts";

/** Aborts a run, and tells whoever listens. */
export interface RunAbort extends StopSignal {
  /** The same for code that needs the real thing. */
  readonly signal: AbortSignal;
  /** Does nothing the second time. */
  abort(reason: unknown): void;
}

/** Makes that of a run that goes on. */
export function createRunAbort(): RunAbort {
  const listeners = new Set<() => void>();
  let stopped: { readonly reason: unknown } | undefined;
  let real: AbortController | undefined;

  function controller(): AbortController {
    if (real) return real;
    real = new AbortController();
    if (stopped) real.abort(stopped.reason);
    return real;
  }

  return {
    get aborted() {
      return stopped !== undefined;
    },
    get reason() {
      return stopped?.reason;
    },
    get signal() {
      return controller().signal;
    },
    throwIfAborted() {
      if (stopped) throw stopped.reason;
    },
    addEventListener(_type, listener) {
      listeners.add(listener);
    },
    removeEventListener(_type, listener) {
      listeners.delete(listener);
    },
    abort(reason) {
      if (stopped) return;
      stopped = { reason };
      const heard = [...listeners];
      listeners.clear();
      for (const listener of heard) listener();
      real?.abort(reason);
    },
  };
}

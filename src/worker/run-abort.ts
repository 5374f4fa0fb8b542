/**
 * What ends a run before its time, or tells what it has left behind that it is over.
 *
 * An AbortSignal costs as much as all the rest of a short run, so it is made for the code that looks at it alone.
 */
export interface RunAbort {
  readonly aborted: boolean;
  /** Why it was aborted first; undefined before. */
  readonly reason: unknown;
  /** The same for the run's own code. */
  readonly signal: AbortSignal;
  /** Only the first one counts. */
  abort(reason: Error): void;
  throwIfAborted(): void;
  /** Calls `heard` once, when it is aborted, or at once where it has been; one at a time, undefined for nobody. */
  hear(heard: (() => void) | undefined): void;
}

/** Makes one that has not been aborted. */
export function createRunAbort(): RunAbort {
  let controller: AbortController | undefined;
  let reason: Error | undefined;
  let listener: (() => void) | undefined;
  return {
    get aborted() {
      return reason !== undefined;
    },
    get reason() {
      return reason;
    },
    get signal() {
      if (!controller) {
        controller = new AbortController();
        if (reason) controller.abort(reason);
      }
      return controller.signal;
    },
    abort(why) {
      if (reason) return;
      reason = why;
      controller?.abort(why);
      listener?.();
    },
    throwIfAborted() {
      if (reason) throw reason;
    },
    hear(heard) {
      listener = heard;
      if (reason) heard?.();
    },
  };
}

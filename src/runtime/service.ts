/**
 * A background service: something that a node does again and again.
 *
 * States: stopped → running → stopping → stopped. Invariants: `runOnce` never overlaps itself; an error of one
 * run is logged and the next run comes as planned; `stop` resolves when no run is under way.
 */
import type { Logger } from "./logger.ts";

/** Something that a node does again and again until it is stopped. */
export interface Service {
  readonly name: string;
  start(): void;
  /** Runs now, or right after the run that is under way. */
  wake(): void;
  /** One run, to its end; what tests drive. A call during a run waits for it and runs again. */
  runOnce(): Promise<void>;
  stop(): Promise<void>;
}

interface Timing {
  /** Milliseconds from the end of a run to the start of the next; asked anew after each run. */
  readonly everyMs: number | (() => number);
}

/** Makes a service of a function. */
export function service(name: string, timing: Timing, log: Logger, run: () => Promise<void>): Service {
  let running = false;
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  let current: Promise<void> | undefined;
  let again = false;

  function schedule(delayMs: number): void {
    if (!running) return;
    clearTimeout(timer);
    clearImmediate(immediate);
    if (delayMs <= 0) {
      immediate = setImmediate(tick);
      return;
    }
    timer = setTimeout(tick, delayMs);
    timer.unref();
  }

  function tick(): void {
    runOnce().then(
      () => next(),
      (error: unknown) => {
        log.error({ err: error, service: name }, "a background service failed; it runs again as planned");
        next();
      },
    );
  }

  function next(): void {
    const delay = again ? 0 : typeof timing.everyMs === "function" ? timing.everyMs() : timing.everyMs;
    again = false;
    schedule(delay);
  }

  async function runOnce(): Promise<void> {
    while (current) await current.catch(() => undefined);
    current = run().finally(() => {
      current = undefined;
    });
    return current;
  }

  return {
    name,
    start() {
      running = true;
      schedule(0);
    },
    wake() {
      if (current) again = true;
      else schedule(0);
    },
    runOnce,
    async stop() {
      running = false;
      clearTimeout(timer);
      clearImmediate(immediate);
      while (current) await current.catch(() => undefined);
    },
  };
}

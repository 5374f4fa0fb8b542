/**
 * Keeps a server running in a folder that is ours.
 *
 * States: running ⇄ restarting → stopping → stopped. Invariants: the server runs only while the folder's lock is held
 * (the caller's affair); a server that ends by itself is started again, however often, with growing pauses; `stop`
 * resolves when no process of the server is left.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../runtime/logger.ts";
import { stopOrphans } from "./orphans.ts";
import { type ServerOrder, type ServerProcess, startServer } from "./server-process.ts";

/** `restarting`: it ended by itself, connections fail; `running`: it takes connections again. */
export type ServerState = "running" | "restarting";

/** A server that is looked after. */
export interface Supervisor {
  /** A second call waits for the first. */
  stop(): Promise<void>;
}

const shortestPauseMs = 100;
const longestPauseMs = 10_000;
/** A server that ran so long is not in a loop of crashes. */
const soundMs = 60_000;

/** Looks after a server that runs. */
export function supervise(first: ServerProcess, order: ServerOrder, onState: (state: ServerState) => void): Supervisor {
  const ending = new AbortController();
  let server = first;
  const watching = watch();
  let stopped: Promise<void> | undefined;

  async function watch(): Promise<void> {
    let pauseMs = shortestPauseMs;
    while (!ending.signal.aborted) {
      const since = performance.now();
      const code = await server.ended;
      if (ending.signal.aborted) return;
      order.log.warn({ exitCode: code, data: order.data }, "PostgreSQL ended by itself; starting it again");
      onState("restarting");
      pauseMs = performance.now() - since > soundMs ? shortestPauseMs : pauseMs;
      pauseMs = await restart(pauseMs);
    }
  }

  /** Tries until it runs or nobody wants it; answers the pause to begin with the next time. */
  async function restart(fromMs: number): Promise<number> {
    for (let pauseMs = fromMs; ; ) {
      await delay(pauseMs, undefined, { signal: ending.signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      if (ending.signal.aborted) return pauseMs;
      try {
        await stopOrphans(order.data, order.user, order.log);
        server = await startServer(order, ending.signal);
        order.log.info({ data: order.data }, "PostgreSQL runs again");
        onState("running");
        return pauseMs;
      } catch (error) {
        if (ending.signal.aborted) return pauseMs;
        order.log.error({ err: error, nextTryMs: pauseMs }, "PostgreSQL could not be started again");
      }
    }
  }

  async function stop(log: Logger): Promise<void> {
    ending.abort();
    await server.stop();
    // A restart may have been under way: what it started has to end too.
    await watching;
    await server.stop();
    await stopOrphans(order.data, order.user, log);
  }

  return {
    stop() {
      stopped ??= stop(order.log);
      return stopped;
    },
  };
}

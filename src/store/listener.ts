/**
 * Hears NOTIFY on one connection of its own, and knows whether it does.
 *
 * States: closed → listening ⇄ lost → closed. Invariants: while it is lost it tries again, after a second at most; every ear
 * is told of each change between `listening` and `lost`, because what was said in between is gone; a connection that
 * says nothing to a question asked every few seconds counts as lost, since a peer that vanished sends no farewell.
 */
import { setTimeout as delay } from "node:timers/promises";
import { DeadlineExceeded } from "./database-errors.ts";
import type { Pool, StoreLog } from "./pool.ts";

/** Who hears a channel. */
export interface Ear {
  heard(payload: string): void;
  /** Listening has begun, for the first time or again. */
  connected(): void;
  /** Notifications may be missed from now on, until `connected`. */
  lost(): void;
}

interface ListenerOptions {
  readonly ears: ReadonlyMap<string, Ear>;
  readonly log: StoreLog;
  /** Opens a pool of one connection. */
  open(hears: { onNotify(channel: string, payload: string): void; onClose(): void }): Pool;
}

const askEveryMs = 10_000;
const answerWithinMs = 5_000;
const shortestPauseMs = 50;
const longestPauseMs = 1_000;

/** Starts to listen. @returns a way to stop @throws where the database cannot be reached at first */
export async function startListening(options: ListenerOptions): Promise<() => Promise<void>> {
  const { ears, log } = options;
  const stopping = new AbortController();
  let current: Pool | undefined;
  let asking: NodeJS.Timeout | undefined;
  let reconnecting: Promise<void> | undefined;

  async function connect(): Promise<void> {
    const pool = options.open({
      onNotify: (channel, payload) => ears.get(channel)?.heard(payload),
      onClose: () => lose(pool),
    });
    try {
      for (const channel of ears.keys()) await answered(pool.unsafe(`listen "${channel}"`));
    } catch (error) {
      drop(pool);
      throw error;
    }
    if (stopping.signal.aborted) return drop(pool);
    current = pool;
    asking = setInterval(() => {
      answered(pool.unsafe("select 1")).catch(() => lose(pool));
    }, askEveryMs);
    asking.unref();
    for (const ear of ears.values()) ear.connected();
  }

  function drop(pool: Pool): void {
    pool.end({ timeout: 0 }).catch((error: unknown) => log.debug({ err: error }, "old listening connection"));
  }

  function lose(pool: Pool): void {
    if (pool !== current) return;
    current = undefined;
    clearInterval(asking);
    drop(pool);
    if (stopping.signal.aborted) return;
    for (const ear of ears.values()) ear.lost();
    reconnecting = reconnect();
  }

  async function reconnect(): Promise<void> {
    for (let pause = shortestPauseMs; !stopping.signal.aborted; pause = Math.min(pause * 2, longestPauseMs)) {
      await delay(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      try {
        return await connect();
      } catch (error) {
        log.debug({ err: error }, "cannot listen yet");
      }
    }
  }

  await connect();
  return async () => {
    stopping.abort();
    clearInterval(asking);
    await reconnecting;
    await current?.end({ timeout: 1 });
  };
}

async function answered(question: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DeadlineExceeded(answerWithinMs)), answerWithinMs);
  });
  await Promise.race([question, late]).finally(() => clearTimeout(timer));
}

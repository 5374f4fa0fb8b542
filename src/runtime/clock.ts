/**
 * The node's idea of the database's time, and ids made by it.
 *
 * Invariants: `now` follows the last measurement of the database's clock, whatever the node's own clock says; ids
 * strictly increase within a process.
 */
import { randomFillSync, randomInt } from "node:crypto";
import { v7 } from "uuid";

/** Tells the database's time without asking it, and makes ids by it. */
export interface Clock {
  /** Milliseconds since the epoch, by the database's clock as far as it is known. */
  now(): number;
  /** Takes in one measurement: the database's time, and the round trip (`performance.now()`) in which it was read. */
  measured(databaseTime: Date, sentAt: number, receivedAt: number): void;
  /** A UUID of version 7 (RFC 9562). */
  newId(): string;
}

const longestRoundTripMs = 1_000;

/** Random bytes for ids, drawn many at once: a draw for each costs more than all else of an id. */
function createRandomBytes(): () => Uint8Array {
  const pool = new Uint8Array(4096);
  let next = pool.length;
  return () => {
    if (next === pool.length) {
      randomFillSync(pool);
      next = 0;
    }
    next += 16;
    return pool.subarray(next - 16, next);
  };
}

/** A clock that starts at the node's own time, until the first measurement. */
export function createClock(): Clock {
  let atZero = Date.now() - performance.now();
  let measuredOnce = false;
  let lastMs = 0;
  let sequence = 0;
  const randomBytes = createRandomBytes();

  function now(): number {
    return atZero + performance.now();
  }

  return {
    now,
    measured(databaseTime, sentAt, receivedAt) {
      // Half of a long round trip is a guess that may be wrong by seconds: the measurement before is better.
      if (measuredOnce && receivedAt - sentAt > longestRoundTripMs) return;
      measuredOnce = true;
      atZero = databaseTime.getTime() - (sentAt + receivedAt) / 2;
    },
    newId() {
      const milliseconds = Math.floor(now());
      if (milliseconds > lastMs) {
        lastMs = milliseconds;
        // The upper half stays free, so that the ids of one millisecond do not overflow.
        sequence = randomInt(0x7fff_ffff);
      } else {
        sequence += 1;
      }
      return v7({ msecs: lastMs, seq: sequence, random: randomBytes() });
    },
  };
}

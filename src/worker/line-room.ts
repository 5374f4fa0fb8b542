/**
 * The room of a node for lines of jobs' logs that are not written yet.
 *
 * Invariants: what is taken is given back when it has been written or given up, so a full room empties; one customer fills at most
 * three quarters of what the others leave free, so that nobody's lines are dropped because of another's flood.
 */
import type { Room } from "./run-report.ts";

const most = { lines: 100_000, bytes: 16 * 1024 * 1024 };
const share = 0.75;

interface Held {
  lines: number;
  bytes: number;
}

/** The room that all runs of a node share. */
export interface LineRoom {
  /** What one customer's runs see of it. */
  of(customerCode: string): Room;
  /** Lines that are held, of all customers. */
  lines(): number;
}

/** Makes the room of a node. */
export function createLineRoom(): LineRoom {
  const all: Held = { lines: 0, bytes: 0 };
  const byCustomer = new Map<string, Held>();

  function isFull(own: Held, what: keyof Held): boolean {
    const others = all[what] - own[what];
    return own[what] >= (most[what] - others) * share;
  }

  return {
    of(customerCode) {
      const none: Held = { lines: 0, bytes: 0 };
      return {
        isFull() {
          const own = byCustomer.get(customerCode) ?? none;
          return isFull(own, "lines") || isFull(own, "bytes");
        },
        take(bytes) {
          const own = byCustomer.get(customerCode) ?? { lines: 0, bytes: 0 };
          byCustomer.set(customerCode, own);
          for (const held of [all, own]) {
            held.lines += 1;
            held.bytes += bytes;
          }
        },
        free(lines, bytes) {
          const own = byCustomer.get(customerCode);
          if (!own) return;
          for (const held of [all, own]) {
            held.lines -= lines;
            held.bytes -= bytes;
          }
          if (own.lines === 0) byCustomer.delete(customerCode);
        },
      };
    },
    lines: () => all.lines,
  };
}

/**
 * The room of a node for lines of jobs' logs that are not written yet.
 *
 * Invariant: what is taken is given back when it has been written or given up, so a full room empties.
 */
import type { Room } from "./run-report.ts";

const mostLines = 100_000;
const mostBytes = 16 * 1024 * 1024;

/** Makes the room that all runs of a node share. */
export function createLineRoom(): Room & { lines(): number } {
  let lines = 0;
  let bytes = 0;
  return {
    isFull: () => lines >= mostLines || bytes >= mostBytes,
    take(more) {
      lines += 1;
      bytes += more;
    },
    free(count, less) {
      lines -= count;
      bytes -= less;
    },
    lines: () => lines,
  };
}

/** How nodes learn that one of them has died. All nodes of a database must agree on it. */
export interface Liveness {
  /** From one heartbeat to the next, in milliseconds, as the others. */
  readonly everyMs: number;
  /** Beats further apart than this have a gap between them. */
  readonly longestGapMs: number;
  /** From its last beat on a node counts on its claims for so long; less than `silentMs`. */
  readonly leaseMs: number;
  /** A node that has been silent for so long is dead to one that has beaten for as long without a gap. */
  readonly silentMs: number;
}

/** What nodes keep to. */
export const usualLiveness: Liveness = { everyMs: 5_000, longestGapMs: 10_000, leaseMs: 25_000, silentMs: 30_000 };

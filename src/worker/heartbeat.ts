/**
 * Says that this node lives, and knows how sure it may be of that itself.
 *
 * States: beating → silent (the database does not answer) → beating. Invariants: `unbrokenMs` counts only beats
 * without a gap over 10 s between them, by the database's clock, so that an outage of the database makes nobody declare
 * anybody dead; `leaseEnded` comes 25 s after the last beat was sent, before the 30 s after which others may take this
 * node's claims; `beaten` comes with every beat.
 */
import { beatNode } from "../domain/beat-node.ts";
import type { Context } from "../domain/context.ts";
import type { Liveness } from "../model/liveness.ts";
import { type Service, service } from "../runtime/service.ts";

/** Sooner after a beat that failed: of the 25 s of a lease none is to be given away. */
const againMs = 1_000;

/** The beat of this node, and what may be concluded from it. */
export interface Heartbeat extends Service {
  /** How long this node has beaten without a gap, in milliseconds of the database's clock. */
  unbrokenMs(): number;
  /** Whether another node has beaten within 30 s. */
  hasOthers(): boolean;
  /** Sets who is told. */
  listen(listener: HeartbeatListener): void;
}

/** Whoever acts on the beat: the worker. */
export interface HeartbeatListener {
  /** The node's claims may soon be taken by others. */
  leaseEnded(): void;
  /** The database has just answered. */
  beaten(): void;
}

/** Makes the heartbeat of this node; every role needs one. */
export function createHeartbeat(context: Context, { everyMs, longestGapMs, leaseMs }: Liveness): Heartbeat {
  let listener: HeartbeatListener | undefined;
  let lease: NodeJS.Timeout | undefined;
  let firstBeat = 0;
  let lastBeat = 0;
  let alive = 1;
  let pauseMs = everyMs;

  async function beat(): Promise<void> {
    const sentAt = performance.now();
    pauseMs = againMs;
    const answer = await beatNode(context);
    pauseMs = everyMs;
    const at = answer.now.getTime();
    if (at - lastBeat > longestGapMs) firstBeat = at;
    lastBeat = at;
    alive = answer.alive;
    clearTimeout(lease);
    lease = setTimeout(() => listener?.leaseEnded(), leaseMs - (performance.now() - sentAt));
    lease.unref();
    listener?.beaten();
  }

  const beats = service("heartbeat", { everyMs: () => pauseMs }, context.log, beat);
  return {
    ...beats,
    unbrokenMs: () => lastBeat - firstBeat,
    hasOthers: () => alive > 1,
    listen(to) {
      listener = to;
    },
    async stop() {
      await beats.stop();
      // After the last beat, which sets it once more.
      clearTimeout(lease);
    },
  };
}

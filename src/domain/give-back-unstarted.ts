import { type HeldClaim, type ReleasedClaim, releaseClaims } from "../store/jobs/release-claims.ts";
import type { Context } from "./context.ts";
import { announceReleased } from "./steps/announce-released.ts";
import { workerLostJson } from "./steps/worker-lost.ts";

export type { HeldClaim };

/** Gives back jobs of which no run has begun under the claims that this node holds: as though they had never been claimed. */
export async function giveBackUnstarted(context: Context, claims: readonly HeldClaim[]): Promise<ReleasedClaim[]> {
  const released = await releaseClaims(context.database.sql, {
    nodeIds: [context.node.nodeId],
    claims,
    silentMs: null,
    outcome: "UNSTARTED",
    error: workerLostJson,
  });
  await announceReleased(context, released);
  return released;
}

import { type HeldClaim, type ReleasedClaim, releaseClaims } from "../store/jobs/release-claims.ts";
import type { Context } from "./context.ts";
import { announceReleased } from "./steps/announce-released.ts";
import { workerLostJson } from "./steps/worker-lost.ts";

export type { HeldClaim };

/** Gives back jobs that this node still holds under the named claims. */
export async function handBackClaims(context: Context, claims: readonly HeldClaim[]): Promise<ReleasedClaim[]> {
  const nodeIds = [context.node.nodeId];
  const released = await context.database.repeatable((sql) =>
    releaseClaims(sql, { nodeIds, claims, silentMs: null, outcome: "HANDED_BACK", error: workerLostJson }),
  );
  await announceReleased(context, released);
  return released;
}

import { listHeldClaims } from "../store/jobs/list-held-claims.ts";
import { type HeldClaim, type ReleasedClaim, releaseClaims } from "../store/jobs/release-claims.ts";
import type { Context } from "./context.ts";
import { announceReleased } from "./steps/announce-released.ts";
import { workerLostJson } from "./steps/worker-lost.ts";

/** Well over the deadline of a statement: whatever claim this node was told of, it was told of by then. */
const answeredByMs = 15_000;

/**
 * Gives back jobs that this node holds without running them: the answer to a claim got lost, so nobody would ever.
 *
 * @param isRunning whether the node runs a job under that claim
 */
export async function giveBackForgottenClaims(
  context: Context,
  isRunning: (held: HeldClaim) => boolean,
): Promise<ReleasedClaim[]> {
  const { database, node } = context;
  const held = await listHeldClaims(database.sql, node.nodeId, answeredByMs);
  const claims = held.filter((one) => !isRunning(one));
  if (claims.length === 0) return [];
  const released = await releaseClaims(database.sql, {
    nodeIds: [node.nodeId],
    claims,
    silentMs: null,
    outcome: "UNSTARTED",
    error: workerLostJson,
  });
  await announceReleased(context, released);
  return released;
}

import { listHeldClaims } from "../store/jobs/list-held-claims.ts";
import type { HeldClaim, ReleasedClaim } from "../store/jobs/release-claims.ts";
import type { Context } from "./context.ts";
import { giveBackUnstarted } from "./give-back-unstarted.ts";

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
  return claims.length === 0 ? [] : giveBackUnstarted(context, claims);
}

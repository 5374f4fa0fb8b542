import type { JobFailure } from "../model/job.ts";
import { listHeldClaims } from "../store/jobs/list-held-claims.ts";
import { type HeldClaim, type ReleasedClaim, releaseClaims as release } from "../store/jobs/release-claims.ts";
import { deleteNodes } from "../store/nodes/delete-nodes.ts";
import { listSilentNodes } from "../store/nodes/list-silent-nodes.ts";
import type { Context } from "./context.ts";

export type { HeldClaim, ReleasedClaim };

/** Well over the deadline of a statement: whatever claim this node was told of, it was told of by then. */
const answeredByMs = 15_000;

const workerLost: JobFailure = {
  code: "WORKER_LOST",
  message: "The node that ran this job died or stopped, and the job may not run again.",
  retryable: false,
  details: {},
};

const error = JSON.stringify(workerLost);

/** Takes back the claims of nodes that died. @param silentMs how long they must have been silent; 0: all but this one */
export async function takeBackClaims(context: Context, silentMs: number): Promise<ReleasedClaim[]> {
  const nodeIds = await listSilentNodes(context.database.sql, context.node.nodeId, silentMs);
  if (nodeIds.length === 0) return [];
  const released = await release(context.database.sql, { nodeIds, claims: null, outcome: "LOST", error });
  await deleteNodes(context.database.sql, nodeIds);
  return released;
}

/** Gives back jobs that this node still holds under the named claims. */
export async function handBackClaims(context: Context, claims: readonly HeldClaim[]): Promise<ReleasedClaim[]> {
  return context.database.repeatable((sql) =>
    release(sql, { nodeIds: [context.node.nodeId], claims, outcome: "HANDED_BACK", error }),
  );
}

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
  return release(database.sql, { nodeIds: [node.nodeId], claims, outcome: "UNSTARTED", error });
}

/** Forgets this node when it has stopped, unless it still holds a claim. */
export async function forgetNode(context: Context): Promise<void> {
  await context.database.repeatable((sql) => deleteNodes(sql, [context.node.nodeId]));
}

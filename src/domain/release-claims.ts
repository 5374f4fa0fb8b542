import type { JobFailure } from "../model/job.ts";
import { type ReleasedClaim, releaseClaims as release } from "../store/jobs/release-claims.ts";
import { deleteNodes } from "../store/nodes/delete-nodes.ts";
import { listSilentNodes } from "../store/nodes/list-silent-nodes.ts";
import type { Context } from "./context.ts";

export type { ReleasedClaim };

const workerLost: JobFailure = {
  code: "WORKER_LOST",
  message: "The node that ran this job died or stopped, and the job may not run again.",
  retryable: false,
  details: {},
};

/** Takes back the claims of nodes that died. @param silentMs how long they must have been silent; 0: all but this one */
export async function takeBackClaims(context: Context, silentMs: number): Promise<ReleasedClaim[]> {
  const nodeIds = await listSilentNodes(context.database.sql, context.node.nodeId, silentMs);
  if (nodeIds.length === 0) return [];
  const error = JSON.stringify(workerLost);
  const released = await release(context.database.sql, { nodeIds, jobIds: null, outcome: "LOST", error });
  await deleteNodes(context.database.sql, nodeIds);
  return released;
}

/** Gives back the named jobs that this node still holds. */
export async function handBackClaims(context: Context, jobIds: readonly string[]): Promise<ReleasedClaim[]> {
  const error = JSON.stringify(workerLost);
  return context.database.repeatable((sql) =>
    release(sql, { nodeIds: [context.node.nodeId], jobIds, outcome: "HANDED_BACK", error }),
  );
}

/** Forgets a node that has stopped and holds no claim. */
export async function forgetNode(context: Context): Promise<void> {
  await context.database.repeatable((sql) => deleteNodes(sql, [context.node.nodeId]));
}

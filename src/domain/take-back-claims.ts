import { type ReleasedClaim, releaseClaims } from "../store/jobs/release-claims.ts";
import { deleteNodes } from "../store/nodes/delete-nodes.ts";
import { listSilentNodes } from "../store/nodes/list-silent-nodes.ts";
import type { Context } from "./context.ts";
import { announceReleased } from "./steps/announce-released.ts";
import { workerLostJson } from "./steps/worker-lost.ts";

/** Takes back the claims of nodes that died. @param silentMs how long they must have been silent; 0: all but this one */
export async function takeBackClaims(context: Context, silentMs: number): Promise<ReleasedClaim[]> {
  const { sql } = context.database;
  const nodeIds = await listSilentNodes(sql, context.node.nodeId, silentMs);
  if (nodeIds.length === 0) return [];
  const released = await releaseClaims(sql, {
    nodeIds,
    claims: null,
    silentMs,
    outcome: "LOST",
    error: workerLostJson,
  });
  await announceReleased(context, released);
  await deleteNodes(sql, nodeIds, silentMs);
  return released;
}

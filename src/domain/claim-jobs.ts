import { randomUUID } from "node:crypto";
import { type ClaimedJob, claimJobs as claim } from "../store/jobs/claim-jobs.ts";
import type { Context } from "./context.ts";

export type { ClaimedJob };

/**
 * Takes up to `limit` ready jobs for this node, fairly among the customers that have some.
 *
 * @param startAfter the customer after which the walk begins; the caller moves it along from claim to claim
 */
export async function claimJobs(context: Context, limit: number, startAfter: string): Promise<ClaimedJob[]> {
  return claim(context.database.sql, { nodeId: context.node.nodeId, claim: randomUUID(), limit, startAfter });
}

import type { JobFailure } from "../model/job.ts";
import { firstUuid } from "../model/job-id.ts";
import { listOrphans } from "../store/jobs/list-orphans.ts";
import type { Context } from "./context.ts";
import { cancelDescendants } from "./steps/cancel-tree.ts";

const withParent = JSON.stringify({
  code: "CANCELLED",
  message: "The job was cancelled with the job that had started it.",
  retryable: false,
  details: {},
} satisfies JobFailure);

/** A place in the order of the children that are in the queue. */
export interface ChildPosition {
  readonly parentId: string;
  readonly id: string;
}

/** Before the first child. */
export const firstChild: ChildPosition = { parentId: firstUuid, id: firstUuid };

/**
 * Looks at children in their order, at most `limit`, from behind `after`, and cancels those whose parents were cancelled by a node
 * that died before it came to them.
 *
 * @returns where the next look begins
 */
export async function sweepOrphans(context: Context, after: ChildPosition, limit: number): Promise<ChildPosition> {
  const found = await listOrphans(context.database.sql, after.parentId, after.id, limit);
  const parents = new Map<string, Set<string>>();
  for (const { orphaned, customerCode, parentId } of found) {
    if (!orphaned) continue;
    parents.set(customerCode, (parents.get(customerCode) ?? new Set()).add(parentId));
  }
  for (const [customerCode, ids] of parents) {
    await cancelDescendants(context, { customerCode, parents: [...ids], error: withParent });
  }
  return found.length === limit ? (found.at(-1) ?? firstChild) : firstChild;
}

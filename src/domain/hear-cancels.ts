import { listCancelledClaims } from "../store/jobs/list-cancelled-claims.ts";
import type { Context } from "./context.ts";

/** Looks up which running jobs of this node are to stop: the word of it may have got lost. */
export async function hearCancels(context: Context): Promise<void> {
  for (const id of await listCancelledClaims(context.database.sql, context.node.nodeId)) {
    context.events.emit("jobCancelled", id);
  }
}

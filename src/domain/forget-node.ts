import { deleteNodes } from "../store/nodes/delete-nodes.ts";
import type { Context } from "./context.ts";

/** Forgets this node when it has stopped, unless it still holds a claim. */
export async function forgetNode(context: Context): Promise<void> {
  await context.database.repeatable((sql) => deleteNodes(sql, [context.node.nodeId], 0));
}

import { type ListedNode, listNodes as list } from "../store/nodes/list-nodes.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/** Lists the nodes that share the database. @throws ApiError UNAVAILABLE */
export async function listNodes({ database }: Context, limit: number): Promise<readonly ListedNode[]> {
  return readPatiently(database, (sql) => list(sql, limit));
}

import { readTime } from "../store/nodes/read-time.ts";
import type { Context } from "./context.ts";

/** Whether this node should be sent work: it does not drain, and the database answers. */
export async function checkReadiness(
  context: Context,
  state: "running" | "draining",
): Promise<{ ready: boolean; checks: Record<string, string> }> {
  const database = await readTime(context.database.sql).then(
    () => "ok",
    () => "cannot be reached",
  );
  return { ready: state === "running" && database === "ok", checks: { node: state, database } };
}

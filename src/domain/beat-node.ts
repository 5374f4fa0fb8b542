import { beatNode as beat } from "../store/nodes/beat-node.ts";
import type { Context } from "./context.ts";

/**
 * Writes that this node lives, and sets its clock by the database's.
 *
 * @returns the database's time and the number of live nodes, this one among them
 */
export async function beatNode(context: Context): Promise<{ now: Date; alive: number }> {
  const sentAt = performance.now();
  const answer = await beat(context.database.urgent, context.node);
  context.clock.measured(answer.now, sentAt, performance.now());
  return answer;
}

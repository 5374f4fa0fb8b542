import type { SettledOutcome } from "../model/occurrence.ts";
import { listLastOutcomes } from "../store/occurrences/list-last-outcomes.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/**
 * Reads what came of the last occurrences of definitions that the actor has been let to see.
 *
 * @returns by the definition's id, oldest first; nothing for one without any
 * @throws ApiError UNAVAILABLE
 */
export async function readLastOutcomes(
  context: Context,
  definitionIds: readonly string[],
): Promise<ReadonlyMap<string, readonly SettledOutcome[]>> {
  if (definitionIds.length === 0) return new Map();
  return readPatiently(context.database, (sql) => listLastOutcomes(sql, definitionIds));
}

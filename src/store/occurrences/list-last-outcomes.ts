import type { SettledOutcome } from "../../model/occurrence.ts";
import type { Sql } from "../sql.ts";

/** How many outcomes a definition tells. */
const most = 30;

/**
 * Lists what came of the last 30 occurrences of some definitions, oldest first: newest rows of the ledger, found by its key.
 *
 * @returns by the definition's id; nothing for one without any
 */
export async function listLastOutcomes(
  sql: Sql,
  definitionIds: readonly string[],
): Promise<ReadonlyMap<string, readonly SettledOutcome[]>> {
  const rows = await sql<{ id: string; outcomes: SettledOutcome[]; counts: number[] }>`
    select d.id, array_agg(o.outcome order by o.scheduled_for) as outcomes,
           array_agg(least(o.count, ${most}) order by o.scheduled_for) as counts
      from unnest(${definitionIds}::uuid[]) d (id)
     cross join lateral (
        select scheduled_for, outcome, count from occurrence
         where definition_id = d.id order by scheduled_for desc limit ${most}
     ) o
     group by d.id`;
  return new Map(
    rows.map(({ id, outcomes, counts }) => [
      id,
      outcomes.flatMap((outcome, index) => Array<SettledOutcome>(counts[index] ?? 1).fill(outcome)).slice(-most),
    ]),
  );
}

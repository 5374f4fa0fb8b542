import type { SettledOutcome } from "../../model/occurrence.ts";
import type { Sql } from "../sql.ts";

/** What came of the occurrences of some time. */
export interface OccurrenceCounts {
  readonly counts: Readonly<Record<SettledOutcome, number>>;
  /** The earliest that was looked at where not all were; null where all were. */
  readonly countedFrom: Date | null;
}

/** Counts what came of a customer's occurrences of the last `hours`, of the newest `most` rows of its ledger. */
export async function countOccurrences(
  sql: Sql,
  customerCode: string,
  hours: number,
  most: number,
): Promise<OccurrenceCounts> {
  const [row] = await sql<Record<SettledOutcome, number> & { looked_at: number; earliest: Date | null }>`
    select coalesce(sum(count) filter (where outcome = 'fired'), 0)::float8 as fired,
           coalesce(sum(count) filter (where outcome = 'late'), 0)::float8 as late,
           coalesce(sum(count) filter (where outcome = 'skipped'), 0)::float8 as skipped,
           coalesce(sum(count) filter (where outcome = 'missed'), 0)::float8 as missed,
           count(*)::integer as looked_at, min(scheduled_for) as earliest
      from (
        select outcome, count, scheduled_for from occurrence
         where customer_code = ${customerCode}
           and scheduled_for > app_now() - ${hours}::integer * interval '1 hour' and scheduled_for <= app_now()
         order by scheduled_for desc, definition_id desc
         limit ${most}
      ) newest`;
  if (!row) throw new Error("a count answered no row");
  const { looked_at, earliest, ...counts } = row;
  return { counts, countedFrom: looked_at === most ? earliest : null };
}

import { firstOccurrenceKey } from "../../model/occurrence.ts";
import type { Sql } from "../sql.ts";
import { type OccurrenceRow, type SpanRead, type SpanWindow, toSpans } from "./occurrence-row.ts";

/**
 * Reads the backfilled times that no row of the ledger has to itself: those within a range, which tells what came of them, and
 * those at which nothing was scheduled, which nobody could have fired.
 *
 * @param definitionId null: all definitions of the customer
 */
export async function listBackfills(
  sql: Sql,
  customerCode: string,
  definitionId: string | null,
  window: SpanWindow,
): Promise<SpanRead> {
  const { at, definitionId: last, kind } = window.behind ?? firstOccurrenceKey;
  const behind = new Date(at);
  const rows = await sql<OccurrenceRow>`
    with looked_at as (
      select b.*, row_number() over (order by b.scheduled_for, b.definition_id) as place
        from (
          (select * from backfill
            where ${definitionId}::uuid is not null and definition_id = ${definitionId}::uuid
              and scheduled_for > ${new Date(window.after)}::timestamptz
              and scheduled_for < ${new Date(window.before)}::timestamptz
              and scheduled_for >= ${behind}::timestamptz
            order by scheduled_for limit ${window.most + 1})
          union all
          (select * from backfill
            where ${definitionId}::uuid is null and customer_code = ${customerCode}
              and scheduled_for > ${new Date(window.after)}::timestamptz
              and scheduled_for < ${new Date(window.before)}::timestamptz
              and scheduled_for >= ${behind}::timestamptz
              and (scheduled_for, definition_id) >= (${behind}::timestamptz, ${last}::uuid)
            order by scheduled_for, definition_id limit ${window.most + 1})
        ) b
       where ${kind}::integer = 0 or (b.scheduled_for, b.definition_id) <> (${behind}::timestamptz, ${last}::uuid)
       order by b.scheduled_for, b.definition_id limit ${window.most}
    )
    select b.definition_id, d.job_definition_code as code, b.scheduled_for, b.scheduled_for as until, 1 as left,
           false as is_range, coalesce(o.outcome, 'missed') as outcome,
           case when o.outcome is null then 'not scheduled at that time' else o.reason end as reason,
           null as job_day, null as job_id, null as late_ms, b.job_day as backfill_day, b.job_id as backfill_id,
           coalesce(o.count, 2) > 1 and coalesce(coalesce(o.outcome, 'missed') = ${window.outcome}::text, true) as wanted,
           b.place::integer as place
      from looked_at b
      join job_definition d on d.definition_id = b.definition_id
      left join lateral (
        -- Rows do not overlap: the last one that begins before it, if any, is the one that covers it.
        select before.* from occurrence before
         where before.definition_id = b.definition_id
           and before.scheduled_for >= date_trunc('day', b.scheduled_for, 'UTC')
           and before.scheduled_for <= b.scheduled_for
         order by before.scheduled_for desc limit 1
      ) o on o.until >= b.scheduled_for
     order by b.scheduled_for, b.definition_id`;
  return toSpans(rows, window.most);
}

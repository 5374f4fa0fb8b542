import { firstOccurrenceKey } from "../../model/occurrence.ts";
import type { Sql } from "../sql.ts";
import { type OccurrenceRow, type SpanRead, type SpanWindow, toSpans } from "./occurrence-row.ts";

/** Reads the ledger of one definition in the order of time, with the jobs that backfills made of its single occurrences. */
export async function listDefinitionSpans(
  sql: Sql,
  definition: { readonly id: string; readonly jobDefinitionCode: string },
  window: SpanWindow,
): Promise<SpanRead> {
  const after = new Date(window.after);
  const before = new Date(window.before);
  const behind = new Date((window.behind ?? firstOccurrenceKey).at);
  const rows = await sql<OccurrenceRow>`
    with reaching as (
      -- Rows do not overlap: the last one that begins before the window is the only one that may reach into it.
      select * from occurrence
       where definition_id = ${definition.id}::uuid
         and scheduled_for >= date_trunc('day', ${after}::timestamptz, 'UTC') and scheduled_for <= ${after}::timestamptz
       order by scheduled_for desc limit 1
    ), inside as (
      select * from occurrence
       where definition_id = ${definition.id}::uuid
         and scheduled_for > greatest(${after}::timestamptz, ${behind}::timestamptz)
         and scheduled_for < ${before}::timestamptz
       order by scheduled_for limit ${window.most}
    ), looked_at as (
      select *, row_number() over (order by scheduled_for) as place
        from (select * from reaching where until > ${after}::timestamptz and scheduled_for > ${behind}::timestamptz
              union all select * from inside) o
       order by scheduled_for limit ${window.most}
    )
    select o.definition_id, ${definition.jobDefinitionCode}::text as code, o.scheduled_for, o.until,
           o.count - coalesce(apart.jobs, 0) as left, o.count > 1 as is_range, o.outcome, o.reason, o.job_day, o.job_id,
           o.late_ms::float8 as late_ms, b.job_day as backfill_day, b.job_id as backfill_id,
           coalesce(o.outcome = ${window.outcome}::text, true) as wanted, o.place::integer as place
      from looked_at o
      left join backfill b
        on o.count = 1 and b.definition_id = o.definition_id and b.scheduled_for = o.scheduled_for
      left join lateral (
        select count(*)::integer as jobs from backfill i
         where i.definition_id = o.definition_id and i.scheduled_for between o.scheduled_for and o.until
      ) apart on o.count > 1
     where coalesce(o.outcome = ${window.outcome}::text, true) or o.place = ${window.most}
     order by o.scheduled_for`;
  return toSpans(rows, window.most);
}

import { firstOccurrenceKey } from "../../model/occurrence.ts";
import type { Sql } from "../sql.ts";
import { type OccurrenceRow, type SpanRead, type SpanWindow, toSpans } from "./occurrence-row.ts";

/** Reads the ledger of all definitions of a customer that are still there, in the order of time. */
export async function listCustomerSpans(sql: Sql, customerCode: string, window: SpanWindow): Promise<SpanRead> {
  const after = new Date(window.after);
  const before = new Date(window.before);
  const { at, definitionId } = window.behind ?? firstOccurrenceKey;
  const behind = new Date(at);
  const rows = await sql<OccurrenceRow>`
    with looked_at as (
      select *, row_number() over (order by scheduled_for, definition_id) as place
        from (
          -- Ranges end on the day on which they begin.
          (select * from occurrence
            where customer_code = ${customerCode} and count > 1
              and scheduled_for >= date_trunc('day', ${after}::timestamptz, 'UTC') and scheduled_for <= ${after}::timestamptz
              and until > ${after}::timestamptz
              and (scheduled_for, definition_id) > (${behind}::timestamptz, ${definitionId}::uuid)
            order by scheduled_for, definition_id limit ${window.most})
          union all
          (select * from occurrence
            where customer_code = ${customerCode}
              and scheduled_for > ${after}::timestamptz and scheduled_for < ${before}::timestamptz
              and scheduled_for >= ${behind}::timestamptz
              and (scheduled_for, definition_id) > (${behind}::timestamptz, ${definitionId}::uuid)
            order by scheduled_for, definition_id limit ${window.most})
        ) o
       order by scheduled_for, definition_id limit ${window.most}
    )
    select o.definition_id, coalesce(d.job_definition_code, '') as code, o.scheduled_for, o.until,
           o.count - coalesce(apart.jobs, 0) as left, o.count > 1 as is_range, o.outcome, o.reason, o.job_day, o.job_id,
           o.late_ms::float8 as late_ms, b.job_day as backfill_day, b.job_id as backfill_id,
           d.definition_id is not null and coalesce(o.outcome = ${window.outcome}::text, true) as wanted,
           o.place::integer as place
      from looked_at o
      left join job_definition d on d.definition_id = o.definition_id
      left join backfill b
        on o.count = 1 and b.definition_id = o.definition_id and b.scheduled_for = o.scheduled_for
      left join lateral (
        select count(*)::integer as jobs from backfill i
         where i.definition_id = o.definition_id and i.scheduled_for between o.scheduled_for and o.until
      ) apart on o.count > 1
     where coalesce(o.outcome = ${window.outcome}::text, true) or o.place = ${window.most}
     order by o.scheduled_for, o.definition_id`;
  return toSpans(rows, window.most);
}

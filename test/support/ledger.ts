/** What the ledger of a definition says, in lines that a table of a test can hold. */
import type { TestNode } from "./nodes.ts";

interface Row {
  scheduled_for: Date;
  until: Date;
  count: number;
  outcome: string;
  reason: string | null;
  trigger_kind: string | null;
}

/**
 * Reads a ledger, oldest first: `12:00:00 fired schedule` for an occurrence with a job, by the kind of its trigger, and
 * `12:00:01–12:00:59 ×59 skipped: paused` for a range without one.
 */
export async function ledgerOf(node: TestNode, code: string): Promise<string[]> {
  const rows = await node.database.sql<Row[]>`
    select o.scheduled_for, o.until, o.count, o.outcome, o.reason, j.trigger_kind
      from occurrence o join job_definition d using (definition_id)
      left join job j on j.customer_code = o.customer_code and j.day = o.job_day and j.id = o.job_id
     where d.job_definition_code = ${code} order by o.scheduled_for`;
  return rows.map((row) => {
    const from = timeOf(row.scheduled_for);
    if (row.trigger_kind !== null) return `${from} ${row.outcome} ${row.trigger_kind}`;
    const range = row.count === 1 ? from : `${from}–${timeOf(row.until)} ×${row.count}`;
    return `${range} ${row.outcome}: ${row.reason}`;
  });
}

function timeOf(time: Date): string {
  return time.toISOString().slice(11, 19);
}

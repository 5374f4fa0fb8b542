import type { JsonText } from "../../model/job.ts";
import type { Sql } from "../sql.ts";
import type { OpenRange } from "./locked-schedule.ts";

/** A span that was put aside. */
export interface Backlog {
  readonly id: string;
  readonly definitionId: string;
  readonly schedule: JsonText;
  readonly savedBy: string | null;
  readonly from: Date;
  readonly to: Date;
  readonly asOf: Date;
  readonly regardlessFrom: Date | null;
  readonly made: number;
  /** The row of the ledger that the next occurrence may share, if an earlier slice has left one. */
  readonly open: OpenRange | null;
}

type BacklogRow = Omit<Backlog, "open"> & {
  readonly openFrom: Date | null;
  readonly openOutcome: OpenRange["outcome"];
  readonly openReason: string;
};

/** Reads, of each of the given definitions, the earliest span that may be settled. */
export async function readBacklogs(sql: Sql, definitionIds: readonly string[]): Promise<Backlog[]> {
  const rows = await sql<BacklogRow>`
    select b.backlog_id as id, b.definition_id as "definitionId", b.schedule::text as schedule, b.saved_by as "savedBy",
           b.from_time as from, b.to_time as to, b.as_of as "asOf", b.regardless_from as "regardlessFrom", b.made,
           last.scheduled_for as "openFrom", last.outcome as "openOutcome", last.reason as "openReason"
      from unnest(${definitionIds}::uuid[]) as asked (id)
     cross join lateral (
        select * from schedule_backlog b where b.definition_id = asked.id and b.due_at <= app_now()
         order by b.from_time limit 1) b
      left join lateral (
        select o.scheduled_for, o.outcome, o.reason, o.job_id from occurrence o
         where b.made > 0 and o.definition_id = b.definition_id
           and o.scheduled_for < b.from_time and o.scheduled_for >= b.from_time - interval '1 day'
         order by o.scheduled_for desc limit 1) last on last.job_id is null`;
  return rows.map(({ openFrom: from, openOutcome: outcome, openReason: reason, ...backlog }) => ({
    ...backlog,
    open: from && { from, outcome, reason },
  }));
}

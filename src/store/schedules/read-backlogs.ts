import type { JsonText } from "../../model/job.ts";
import type { Sql } from "../sql.ts";

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
}

/** Reads, of each of the given definitions, the earliest span that may be settled. */
export async function readBacklogs(sql: Sql, definitionIds: readonly string[]): Promise<Backlog[]> {
  return sql<Backlog>`
    select b.backlog_id as id, b.definition_id as "definitionId", b.schedule::text as schedule, b.saved_by as "savedBy",
           b.from_time as from, b.to_time as to, b.as_of as "asOf", b.regardless_from as "regardlessFrom", b.made
      from unnest(${definitionIds}::uuid[]) as asked (id)
     cross join lateral (
        select * from schedule_backlog b where b.definition_id = asked.id and b.due_at <= app_now()
         order by b.from_time limit 1) b`;
}

import type { Sql } from "../sql.ts";

/** A run that is under way, of a definition with alerts. */
export interface LongRun {
  readonly definitionId: string;
  readonly day: string;
  readonly id: string;
  readonly ranMs: number;
}

/** Lists runs that have been under way for over a second, of definitions with alerts: as many as there are slots, at most. */
export async function listLongRuns(sql: Sql): Promise<LongRun[]> {
  return sql<LongRun>`
    select q.definition_id as "definitionId", q.day, q.id,
           (extract(epoch from app_now() - q.started_at) * 1000)::float8 as "ranMs"
      from job_queue q join job_definition d using (definition_id)
     where q.state = 'claimed' and q.started_at < app_now() - interval '1 second'
       and json_array_length(d.options -> 'alerts') > 0`;
}

import type { Sql } from "../sql.ts";

/** Active jobs of a definition that are told of; more may be unfinished. */
const most = 1_000;

/** The unfinished jobs of a definition that count for overlap. */
export interface UnfinishedJobs {
  readonly definitionId: string;
  /** Those that are not held, oldest first. */
  readonly active: string[];
  readonly held: string | null;
  readonly heldUntil: Date | null;
  /** The newest occurrence that one of them is of, backfills apart. */
  readonly newest: Date | null;
}

/** Reads the unfinished jobs of schedules: of kinds schedule, catchUp and backfill, a backfill only once it is no longer held. */
export async function readUnfinished(sql: Sql, definitionIds: readonly string[]): Promise<UnfinishedJobs[]> {
  return sql<UnfinishedJobs>`
    select asked.id as "definitionId", held.id as held, held.hold_until as "heldUntil",
           array(select q.id from job_queue q
                  where q.definition_id = asked.id and q.trigger_kind in ('schedule', 'catchUp', 'backfill')
                    and q.state <> 'held'
                  order by q.id limit ${most}) as active,
           greatest(held.scheduled_for, (select max(q.scheduled_for) from job_queue q
             where q.definition_id = asked.id and q.trigger_kind in ('schedule', 'catchUp') and q.state <> 'held')) as newest
      from unnest(${definitionIds}::uuid[]) as asked (id)
      left join lateral (
        select q.id, q.hold_until, q.scheduled_for from job_queue q
         where q.state = 'held' and q.definition_id = asked.id and q.trigger_kind in ('schedule', 'catchUp')
         order by q.scheduled_for desc limit 1) held on true`;
}

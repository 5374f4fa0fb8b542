import type { Sql } from "../sql.ts";

/** A day of which jobs may have expired. */
export interface ExpiredDay {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** Whether every job that ended on its own day has expired. */
  readonly isOver: boolean;
  /** Whether a job of it has not ended. */
  readonly isUnfinished: boolean;
  /** Now, less the days for which jobs are kept. */
  readonly cutoff: Date;
}

/**
 * Lists the days of which jobs may have ended more than `days` days ago, oldest first: those that have a table left, be it one
 * that is no partition any more.
 */
export async function listExpiredDays(sql: Sql, days: number): Promise<ExpiredDay[]> {
  return sql<ExpiredDay>`
    with bound as (
      select app_now() - ${days}::integer * interval '24 hours' as cutoff
    ), stored as (
      select distinct to_date(right(relname, 8), 'YYYYMMDD') as day from pg_class
       where relkind = 'r' and relnamespace = current_schema()::regnamespace
         and relname ~ '^(job|job_attempt|job_child|job_log|job_result)_[0-9]{8}$'
    ), unfinished as (
      select distinct day from job_queue
    )
    select s.day, (s.day + 1)::timestamp at time zone 'UTC' <= b.cutoff as "isOver",
           exists (select from unfinished u where u.day = s.day) as "isUnfinished", b.cutoff
      from stored s, bound b
     where s.day <= (b.cutoff at time zone 'UTC')::date
     order by s.day`;
}

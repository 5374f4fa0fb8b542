import type { Sql } from "../sql.ts";

/** What has become of the jobs that were made in some time. */
export interface JobCounts {
  readonly made: number;
  readonly completed: number;
  /** Without those that were cancelled. */
  readonly failed: number;
  readonly cancelled: number;
  /** How long 95 of 100 waited at most from when they were due to their first run; null where none has run. */
  readonly waitMs: number | null;
  /** The earliest that was looked at where not all were; null where all were. */
  readonly countedFrom: Date | null;
}

/** Counts a customer's jobs of the last `hours`, of its newest `most`. */
export async function countJobs(sql: Sql, customerCode: string, hours: number, most: number): Promise<JobCounts> {
  const [row] = await sql<Omit<JobCounts, "countedFrom"> & { earliest: Date | null }>`
    select count(*)::integer as made,
           count(*) filter (where status = 'COMPLETED')::integer as completed,
           count(*) filter (where status = 'FAILED' and not cancelled)::integer as failed,
           count(*) filter (where status = 'FAILED' and cancelled)::integer as cancelled,
           (percentile_disc(0.95) within group (order by waited)
             filter (where waited is not null) * 1000)::float8 as "waitMs",
           min(created_at) as earliest
      from (
        select status, created_at, coalesce(error ->> 'code', '') = 'CANCELLED' as cancelled,
               greatest(0, extract(epoch from first_started_at - run_at)) as waited
          from job
         where customer_code = ${customerCode}
           and day >= ((app_now() - ${hours}::integer * interval '1 hour') at time zone 'UTC')::date
           and created_at > app_now() - ${hours}::integer * interval '1 hour'
         order by day desc, id desc
         limit ${most}
      ) newest`;
  if (!row) throw new Error("a count answered no row");
  const { earliest, ...counts } = row;
  return { ...counts, countedFrom: counts.made === most ? earliest : null };
}

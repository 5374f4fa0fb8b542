import type { JobKey } from "../../model/job-id.ts";
import type { Sql } from "../sql.ts";

/** How much of its log a job has written. */
export interface LogSize {
  readonly id: string;
  readonly lines: number;
  /** UTF-8 bytes of the messages. */
  readonly bytes: number;
}

/** Measures what earlier runs of these jobs have logged; a job without a line is left out. */
export async function measureJobLogs(sql: Sql, keys: readonly JobKey[]): Promise<LogSize[]> {
  return sql<LogSize>`
    select k.id, size.lines, size.bytes
      from unnest(${keys.map((key) => key.day)}::date[], ${keys.map((key) => key.id)}::uuid[]) as k (day, id)
     cross join lateral (
       select count(*)::integer as lines, coalesce(sum(octet_length(l.message)), 0)::float8 as bytes
         from job_log l where l.day = k.day and l.job_id = k.id
     ) size
     where size.lines > 0`;
}

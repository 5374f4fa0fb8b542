import type { JsonText } from "../../model/job.ts";
import type { Sql } from "../sql.ts";

/** A schedule that will fire. */
export interface ComingSchedule {
  readonly definitionId: string;
  readonly jobDefinitionCode: string;
  readonly schedule: JsonText;
  /** Up to here, included, every occurrence has been accounted for. */
  readonly position: Date;
  /** Jitter included. */
  readonly nextFireAt: Date;
}

/** Lists the schedules of a customer that fire soonest, before a time, each with what was settled of it. */
export async function listSoonestSchedules(
  sql: Sql,
  customerCode: string,
  before: Date,
  limit: number,
): Promise<ComingSchedule[]> {
  return sql<ComingSchedule>`
    select s.definition_id as "definitionId", d.job_definition_code as "jobDefinitionCode", d.schedule::text as schedule, s.position,
           s.next_fire_at as "nextFireAt"
      from (select * from schedule
             where customer_code = ${customerCode} and next_fire_at is not null
               and next_fire_at < ${before}::timestamptz
             order by next_fire_at limit ${limit}) s
      join job_definition d on d.definition_id = s.definition_id
     where d.schedule is not null and not d.paused
     order by s.next_fire_at`;
}

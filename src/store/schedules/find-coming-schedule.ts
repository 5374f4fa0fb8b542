import type { Sql } from "../sql.ts";
import type { ComingSchedule } from "./list-soonest-schedules.ts";

/** Finds the schedule of a definition; undefined where it has none, or none that will fire. */
export async function findComingSchedule(sql: Sql, definitionId: string): Promise<ComingSchedule | undefined> {
  const [row] = await sql<ComingSchedule>`
    select s.definition_id as "definitionId", d.job_definition_code as "jobDefinitionCode", d.schedule::text as schedule, s.position,
           s.next_fire_at as "nextFireAt"
      from schedule s join job_definition d on d.definition_id = s.definition_id
     where s.definition_id = ${definitionId}::uuid and s.next_fire_at is not null and d.schedule is not null
       and not d.paused`;
  return row;
}

import type { JobDefinition } from "../../model/job-definition.ts";
import type { Sql } from "../sql.ts";
import { type DefinitionRow, toDefinition } from "./definition-row.ts";

/** Lists a customer's definitions by code, from behind `after`, each with its newest job. */
export async function listDefinitions(
  sql: Sql,
  customerCode: string,
  after: string | null,
  limit: number,
): Promise<JobDefinition[]> {
  const rows = await sql<DefinitionRow>`
    select d.definition_id, d.job_definition_code, d.job_type, d.name, d.description, d.params, d.options, d.schedule,
           d.paused, d.paused_reason, d.paused_by, s.next_fire_at, d.version, d.created_at, d.updated_at, d.updated_by,
           last.day as last_day, last.id as last_id, last.status as last_status, last.finished_at as last_finished_at
      from (select * from job_definition
             where customer_code = ${customerCode} and job_definition_code > ${after ?? ""}
             order by job_definition_code limit ${limit}) d
      left join schedule s using (definition_id)
      left join lateral (
        select j.day, j.id, j.status, j.finished_at from job j
         where j.definition_id = d.definition_id order by j.day desc, j.id desc limit 1
      ) last on true
     order by d.job_definition_code`;
  return rows.map(toDefinition);
}

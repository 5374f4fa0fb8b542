import type { JobDefinition } from "../../model/job-definition.ts";
import type { Sql } from "../sql.ts";
import { type DefinitionRow, toDefinition } from "./definition-row.ts";

/** Reads one definition of a customer, with its newest job. */
export async function findDefinition(sql: Sql, customerCode: string, code: string): Promise<JobDefinition | undefined> {
  const [row] = await sql<DefinitionRow>`
    select d.definition_id, d.job_definition_code, d.job_type, d.name, d.description, d.params, d.options, d.schedule,
           d.paused, d.paused_reason, d.paused_by, s.next_fire_at, d.version, d.created_at, d.updated_at, d.updated_by,
           last.day as last_day, last.id as last_id, last.status as last_status, last.finished_at as last_finished_at
      from job_definition d left join schedule s using (definition_id) left join lateral (
        select j.day, j.id, j.status, j.finished_at from job j
         where j.definition_id = d.definition_id order by j.day desc, j.id desc limit 1
      ) last on true
     where d.customer_code = ${customerCode} and d.job_definition_code = ${code}`;
  return row && toDefinition(row);
}

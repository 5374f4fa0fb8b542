import type { JobDefinitionContent } from "../../model/job-definition.ts";
import type { Sql } from "../sql.ts";

/**
 * Writes a new definition, at version 1.
 *
 * @returns false where the code is taken.
 */
export async function insertDefinition(
  sql: Sql,
  customerCode: string,
  definitionId: string,
  content: JobDefinitionContent,
  by: string,
): Promise<boolean> {
  const rows = await sql`
    insert into job_definition (definition_id, customer_code, job_definition_code, job_type, name, description, params,
                                options, schedule, schedule_saved_by, max_concurrent, updated_by)
    values (${definitionId}::uuid, ${customerCode}, ${content.jobDefinitionCode}, ${content.jobType}, ${content.name},
            ${content.description}, ${JSON.stringify(content.params)}::text::json,
            ${JSON.stringify(content.options)}::text::json,
            ${content.schedule && JSON.stringify(content.schedule)}::text::json,
            ${content.schedule && by}, ${content.options.maxConcurrent ?? null}, ${by})
    on conflict (customer_code, job_definition_code) do nothing
    returning definition_id`;
  return rows.length === 1;
}

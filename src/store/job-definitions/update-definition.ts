import type { JobDefinitionContent } from "../../model/job-definition.ts";
import type { Sql } from "../sql.ts";

/** Writes what people edit of a definition and raises its version. The caller holds the row's lock. */
export async function updateDefinition(
  sql: Sql,
  definitionId: string,
  content: JobDefinitionContent,
  by: string,
): Promise<void> {
  const schedule = content.schedule && JSON.stringify(content.schedule);
  await sql`
    update job_definition
       set job_type = ${content.jobType}, name = ${content.name}, description = ${content.description},
           params = ${JSON.stringify(content.params)}::text::json, options = ${JSON.stringify(content.options)}::text::json,
           schedule_saved_by = case when schedule::jsonb is distinct from ${schedule}::text::jsonb then ${by}
                                    else schedule_saved_by end,
           schedule = ${schedule}::text::json,
           max_concurrent = ${content.options.maxConcurrent ?? null},
           version = version + 1, updated_at = app_now(), updated_by = ${by}
     where definition_id = ${definitionId}::uuid`;
}

import type { JsonObject } from "../../model/job.ts";
import type { Sql } from "../sql.ts";

/** Reads the params of one definition. */
export async function readParams(sql: Sql, definitionId: string): Promise<JsonObject> {
  const [row] = await sql<{ params: JsonObject }>`
    select params from job_definition where definition_id = ${definitionId}::uuid`;
  return row?.params ?? {};
}

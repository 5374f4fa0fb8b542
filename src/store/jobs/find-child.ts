import type { JobKey } from "../../model/job-id.ts";
import type { Sql } from "../sql.ts";

/** The child of a step, if there is one, and how many children the job has. */
export async function findChild(
  sql: Sql,
  parent: JobKey,
  step: string,
): Promise<{ child: JobKey | undefined; children: number }> {
  const rows = await sql<{ day: string | null; id: string | null; children: number }>`
    select min(child_day) filter (where step = ${step}) as day,
           (min(child_id::text) filter (where step = ${step})) as id, count(*)::integer as children
      from job_child where day = ${parent.day}::date and parent_id = ${parent.id}::uuid`;
  const [row] = rows;
  const child = row?.day && row.id ? { day: row.day, id: row.id } : undefined;
  return { child, children: row?.children ?? 0 };
}

import type { Sql } from "../sql.ts";

/** Asks the database for its time: the cheapest sign that it answers and has our schema. */
export async function readTime(sql: Sql): Promise<Date | undefined> {
  const [row] = await sql<{ now: Date }>`select app_now() as now`;
  return row?.now;
}

import type { Sql } from "../sql.ts";

/** How many schedules of a customer are due. */
export interface DueCount {
  readonly customerCode: string;
  readonly due: number;
}

/** Counts the schedules that are due, by customer, among the `limit` earliest. */
export async function sampleDue(sql: Sql, limit: number): Promise<DueCount[]> {
  return sql<DueCount>`
    select customer_code as "customerCode", count(*)::integer as due
      from (select customer_code from schedule where next_fire_at <= app_now() order by next_fire_at limit ${limit}) d
     group by customer_code`;
}

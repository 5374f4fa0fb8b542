import type { Sql } from "../sql.ts";

/**
 * Gives up deliveries whose last try never ended, a day after the first, and those that nobody could try for `days` days.
 *
 * @returns how many
 */
export async function giveUpOldDeliveries(sql: Sql, days: number, answer: string): Promise<number> {
  const rows = await sql`
    update delivery
       set state = 'givenUp', ended_at = app_now(), lease = null, content = '{}', answer = coalesce(answer, ${answer})
     where state = 'waiting' and due_at <= app_now() and created_at < app_now() - interval '25 hours'
       and (first_tried_at < app_now() - interval '25 hours'
            or created_at < app_now() - ${days}::integer * interval '24 hours')
    returning 1 as ended`;
  return rows.length;
}

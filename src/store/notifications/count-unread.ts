import type { Sql } from "../sql.ts";

/** Counts what a person has not read, up to `most`. */
export async function countUnread(
  sql: Sql,
  who: { customerCode: string; userId: string },
  most: number,
): Promise<number> {
  const [row] = await sql<{ unread: number }>`
    with person as materialized (
      select coalesce((select read_until from notification_reader where user_id = ${who.userId}::uuid),
                      (select created_at from app_user where user_id = ${who.userId}::uuid)) as read_until
    ), recent as (
      select coalesce(cardinality(job_ids), 1) as notifications from notification
       where customer_code = ${who.customerCode} and at > (select read_until from person)
       order by at desc limit ${most}
    )
    select least(${most}::bigint, greatest(0, coalesce((select sum(notifications) from recent), 0)
             - (select count(*) from notification_read
                 where user_id = ${who.userId}::uuid and at > (select read_until from person))))::integer as unread`;
  return row?.unread ?? 0;
}

import type { Sql } from "../sql.ts";

/** Marks all up to the end of a millisecond as read by a person; never one that is still to come. */
export async function markReadUntil(sql: Sql, userId: string, until: Date): Promise<void> {
  await sql`
    with reader as (
      insert into notification_reader as r (user_id, read_until)
      values (${userId}::uuid, least(${until}::timestamptz + interval '999 microseconds', app_now()))
      on conflict (user_id) do update set read_until = greatest(r.read_until, excluded.read_until)
      returning read_until
    )
    delete from notification_read
     where user_id = ${userId}::uuid and at <= (select read_until from reader)`;
}

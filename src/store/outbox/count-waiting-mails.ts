import type { Sql } from "../sql.ts";

/** Counts a customer's mails that wait, up to `most`. */
export async function countWaitingMails(sql: Sql, customerCode: string, most: number): Promise<number> {
  const [row] = await sql<{ waiting: number }>`
    select count(*)::integer as waiting
      from (select from delivery where lane = ${`mail ${customerCode}`} and state = 'waiting' limit ${most}) mails`;
  return row?.waiting ?? 0;
}

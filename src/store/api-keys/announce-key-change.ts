import type { Sql } from "../sql.ts";

/** The channel on which every node hears that keys have changed. */
export const keyChannel = "punctual_keys";

/** Tells every node, when the transaction commits, to forget what it knows of a customer's keys. */
export async function announceKeyChange(sql: Sql, customerCode: string): Promise<void> {
  await sql`select pg_notify(${keyChannel}, ${customerCode})`;
}

import { jsonArray } from "../json-array.ts";
import type { Sql } from "../sql.ts";

/** The channel on which nodes tell one another what their readers are to see. */
export const changeChannel = "punctual_changes";

/** Bytes of one notification; PostgreSQL takes fewer than 8,000. */
export const largestNotification = 7_900;

/** Sends notifications, many in one commit, in their order; each of at most `largestNotification` bytes. */
export async function notifyChanges(sql: Sql, payloads: readonly string[]): Promise<void> {
  await sql`
    select pg_notify(${changeChannel}, payload #>> '{}')
      from json_array_elements(${jsonArray(payloads.map((payload) => JSON.stringify(payload)))}::text::json) as payload`;
}

import type { DeliveryKind } from "../../model/delivery.ts";
import type { Sql } from "../sql.ts";

/**
 * Lists the lanes of a kind that have something due, in order from behind `after`, at most `limit`. It goes from lane to lane by the
 * index, so what waits in one costs nothing to the others.
 */
export async function listDueLanes(sql: Sql, kind: DeliveryKind, after: string, limit: number): Promise<string[]> {
  // A lane's name begins with its kind and a space; the character behind the space is the exclamation mark.
  const start = after === "" ? `${kind} ` : after;
  const end = `${kind}!`;
  const rows = await sql<{ lane: string }>`
    with recursive lane (name) as (
      select (select lane from delivery where state = 'waiting' and lane > ${start} and lane < ${end} order by lane limit 1)
      union all
      select (select d.lane from delivery d
               where d.state = 'waiting' and d.lane > lane.name and d.lane < ${end} order by d.lane limit 1)
        from lane where lane.name is not null
    )
    select name as lane from lane
     where name is not null
       and exists (select from delivery d where d.state = 'waiting' and d.lane = lane.name and d.due_at <= app_now())
     limit ${limit}`;
  return rows.map((row) => row.lane);
}

import type { DeliveryKind } from "../../model/delivery.ts";
import type { Sql } from "../sql.ts";

/** A lane that was looked at. */
export interface LookedAtLane {
  readonly customerCode: string;
  readonly lane: string;
  readonly isDue: boolean;
  /** Found in its turn; otherwise by what has been due for longest. */
  readonly inTurn: boolean;
}

/**
 * Looks at lanes of customers: of each the next `most` in their order, from behind the one named, and those of the `most` deliveries
 * that have been due for longest. So neither many lanes with nothing due nor much that waits in one hides what is due in another.
 *
 * @param customers code → the lane behind which the turn begins; empty: with the first
 */
export async function listDueLanes(
  sql: Sql,
  kind: DeliveryKind,
  customers: ReadonlyMap<string, string>,
  most: number,
): Promise<LookedAtLane[]> {
  const codes = [...customers.keys()];
  // A lane's name is its kind, its customer and what it leads to, with a space between them; behind all that begins with a name,
  // and a space or the end, comes the name with an exclamation mark.
  const starts = [...customers].map(([code, after]) => (after === "" ? `${kind} ${code}` : `${after}!`));
  const ends = codes.map((code) => `${kind} ${code}!`);
  return sql<LookedAtLane>`
    select customer.code as "customerCode", found.lane, found.due as "isDue", found.in_turn as "inTurn"
      from unnest(${codes}::text[], ${starts}::text[], ${ends}::text[]) as customer (code, first, behind)
     cross join lateral (
       (with recursive lane (name, place) as (
          select (select d.lane from delivery d
                   where d.state = 'waiting' and d.lane >= customer.first and d.lane < customer.behind
                   order by d.lane limit 1), 1
          union all
          select (select d.lane from delivery d
                   where d.state = 'waiting' and d.lane > lane.name and d.lane < customer.behind
                   order by d.lane limit 1), lane.place + 1
            from lane where lane.name is not null and lane.place < ${most}
        )
        select lane.name as lane, true as in_turn,
               exists (select from delivery d
                        where d.state = 'waiting' and d.lane = lane.name and d.due_at <= app_now()) as due
          from lane where lane.name is not null)
       union all
       (select distinct oldest.lane, false, true
          from (select d.lane from delivery d
                 where d.state = 'waiting' and d.kind = ${kind} and d.customer_code = customer.code and d.due_at <= app_now()
                 order by d.due_at limit ${most}) oldest)
     ) found
     order by found.lane`;
}

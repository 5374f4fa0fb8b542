import type { DeliveryKind } from "../../model/delivery.ts";
import type { Sql } from "../sql.ts";

/** Counts what waits to be sent, by kind. It reads the index of all that waits, so it is for a sample now and then. */
export async function measureDeliveries(
  sql: Sql,
): Promise<{ readonly kind: DeliveryKind; readonly waiting: number }[]> {
  // A lane's name begins with its kind, and the index has the lane.
  return sql<{ kind: DeliveryKind; waiting: number }>`
    select split_part(lane, ' ', 1) as kind, count(*)::integer as waiting
      from delivery where state = 'waiting' group by 1`;
}

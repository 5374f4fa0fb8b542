import { randomUUID } from "node:crypto";
import type { ClaimedDelivery, DeliveryKind } from "../model/delivery.ts";
import { claimDeliveries as claim } from "../store/outbox/claim-deliveries.ts";
import { listDueLanes } from "../store/outbox/list-due-lanes.ts";
import { returnDeliveries } from "../store/outbox/return-deliveries.ts";
import type { Context } from "./context.ts";

export type { ClaimedDelivery, DeliveryKind };

/** Well over the longest that a try may take, so that nothing is sent twice while its node lives. */
const leaseSeconds = 120;

/** Lists the lanes of a kind that have something due, in order from behind `after`. */
export async function listLanes(context: Context, kind: DeliveryKind, after: string, limit: number): Promise<string[]> {
  return listDueLanes(context.database.sql, kind, after, limit);
}

/** Takes what is due, under a lease of two minutes. @param shares lane → how many at most */
export async function claimDeliveries(
  context: Context,
  shares: ReadonlyMap<string, number>,
): Promise<ClaimedDelivery[]> {
  return claim(context.database.sql, { lease: randomUUID(), leaseSeconds, shares });
}

/** Gives back what this node has not tried to the end, because it stops. */
export async function handBackDeliveries(context: Context, held: readonly ClaimedDelivery[]): Promise<void> {
  if (held.length === 0) return;
  await returnDeliveries(
    context.database.sql,
    held.map((one) => one.deliveryId),
    held.map((one) => one.lease),
  );
}

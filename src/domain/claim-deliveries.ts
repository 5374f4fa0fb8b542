import { randomUUID } from "node:crypto";
import type { ClaimedDelivery, DeliveryKind } from "../model/delivery.ts";
import { claimDeliveries as claim } from "../store/outbox/claim-deliveries.ts";
import { listDueCustomers } from "../store/outbox/list-due-customers.ts";
import { type LookedAtLane, listDueLanes } from "../store/outbox/list-due-lanes.ts";
import { returnDeliveries } from "../store/outbox/return-deliveries.ts";
import type { Context } from "./context.ts";

export type { ClaimedDelivery, DeliveryKind, LookedAtLane };

/** Well over the longest that a try may take, so that nothing is sent twice while its node lives. */
const leaseSeconds = 120;

/** Lists the customers that have something of a kind due, in order. */
export async function listCustomers(context: Context, kind: DeliveryKind): Promise<string[]> {
  return listDueCustomers(context.database.sql, kind);
}

/** Looks at lanes of customers for what is due. @param customers code → the last lane that had its turn; empty: none had */
export async function lookAtLanes(
  context: Context,
  kind: DeliveryKind,
  customers: ReadonlyMap<string, string>,
  most: number,
): Promise<LookedAtLane[]> {
  return listDueLanes(context.database.sql, kind, customers, most);
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

import { type ClaimedDelivery, type DeliveryOutcome, type DeliveryState, deliveryPauseMs } from "../model/delivery.ts";
import { endDelivery } from "../store/outbox/end-delivery.ts";
import { putOffDelivery } from "../store/outbox/put-off-delivery.ts";
import type { Context } from "./context.ts";

/**
 * Writes what has come of a try, again while the database is away: the lease makes that safe.
 *
 * @returns what has become of the delivery; undefined where its lease was no longer this one
 */
export async function settleDelivery(
  context: Context,
  delivery: ClaimedDelivery,
  outcome: DeliveryOutcome,
): Promise<DeliveryState | undefined> {
  const { database } = context;
  const { answer } = outcome;
  if (outcome.state === "delivered" || outcome.final) {
    const state = outcome.state === "delivered" ? "delivered" : "givenUp";
    const ended = await database.repeatable((sql) => endDelivery(sql, delivery, state, answer));
    return ended ? state : undefined;
  }
  const pauseMs = deliveryPauseMs(delivery.attempts, Math.random(), outcome.retryAfterSeconds);
  return database.repeatable((sql) => putOffDelivery(sql, delivery, answer, pauseMs));
}

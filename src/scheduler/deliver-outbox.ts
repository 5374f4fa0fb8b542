/**
 * Sends what is to be told: mails and webhook calls.
 *
 * States of a delivery here: claimed (under a lease) → sent, put off, given up, or handed back where the node stops.
 * Invariants: no destination, customer or kind can take all places of another, and lanes have their turns; a try ends by its deadline, long before its lease, so
 * two nodes that live never send the same; what a dead node had taken is due again when its lease is over.
 */

import {
  type ClaimedDelivery,
  claimDeliveries,
  type DeliveryKind,
  handBackDeliveries,
  type LookedAtLane,
  listCustomers,
  lookAtLanes,
} from "../domain/claim-deliveries.ts";
import type { Context } from "../domain/context.ts";
import { settleDelivery } from "../domain/settle-delivery.ts";
import { tellHappenings } from "../domain/tell-happenings.ts";
import type { DeliveryOutcome } from "../model/delivery.ts";
import { type DeliveryLane, type DeliveryPlaces, deliveryShares } from "../model/delivery-shares.ts";
import { type Service, service } from "../runtime/service.ts";

/** Sends one, and ends soon after `signal` aborts. */
export type SendDelivery = (delivery: ClaimedDelivery, signal: AbortSignal) => Promise<DeliveryOutcome>;

/** How each kind is sent; a kind without a way waits. */
export type Senders = Partial<Record<DeliveryKind, SendDelivery>>;

const everyMs = 1_000;
/** How many customers, and of each how many lanes, one look may take in. */
const customersAtOnce = 100;
const lanesAtOnce = 200;
/** How long what is on its way may take when the node stops. */
const stopGraceMs = 3_000;

/** How many may be on their way at once: of a kind, of one of its customers, and of one lane. */
const places: Readonly<Record<DeliveryKind, DeliveryPlaces>> = {
  mail: { all: 20, customer: 10, lane: 10 },
  webhook: { all: 100, customer: 20, lane: 4 },
};

/** Makes the service. */
export function createDeliverOutbox(context: Context, senders: Senders): Service {
  const underWay = new Map<ClaimedDelivery, Promise<void>>();
  const stopping = new AbortController();
  let said = false;
  /** Of each kind the last customer that had its turn, and of each kind and customer the last lane: the next one begins behind it. */
  const lastCustomers = new Map<DeliveryKind, string>();
  const lastLanes = new Map<string, string>();

  async function claim(kind: DeliveryKind, send: SendDelivery): Promise<void> {
    const room = inTurn(await listCustomers(context, kind), lastCustomers.get(kind) ?? "")
      .filter((code) => isRoomFor(kind, code))
      .slice(0, customersAtOnce);
    if (room.length === 0) return;
    const customers = new Map(room.map((code) => [code, lastLanes.get(`${kind} ${code}`) ?? ""]));
    const seen = await lookAtLanes(context, kind, customers, lanesAtOnce);
    const shares = deliveryShares(
      places[kind],
      underWayOf(kind),
      room.flatMap((code) => dueLanes(seen, code)),
    );
    for (const code of room) {
      const served = keepTurn(kind, code, seen, shares);
      if (served) lastCustomers.set(kind, code);
    }
    const claimed = shares.size > 0 ? await claimDeliveries(context, shares) : [];
    for (const delivery of claimed) underWay.set(delivery, deliver(delivery, send));
  }

  /** Notes where a customer's next turn begins. @returns whether one of its lanes has got a share */
  function keepTurn(
    kind: DeliveryKind,
    code: string,
    seen: readonly LookedAtLane[],
    shares: ReadonlyMap<string, number>,
  ): boolean {
    const own = seen.filter(({ customerCode }) => customerCode === code);
    const looked = own.filter((one) => one.inTurn);
    const served = looked.filter(({ lane }) => shares.has(lane));
    const isCutShort = served.length > 0 && looked.some(({ lane, isDue }) => isDue && !shares.has(lane));
    const last = isCutShort ? served.at(-1)?.lane : looked.length === lanesAtOnce ? looked.at(-1)?.lane : undefined;
    if (last === undefined) lastLanes.delete(`${kind} ${code}`);
    else lastLanes.set(`${kind} ${code}`, last);
    return own.some(({ lane }) => shares.has(lane));
  }

  function underWayOf(kind: DeliveryKind): ClaimedDelivery[] {
    return [...underWay.keys()].filter((one) => one.kind === kind);
  }

  function isRoomFor(kind: DeliveryKind, code: string): boolean {
    const all = underWayOf(kind);
    const { all: most, customer } = places[kind];
    return all.length < most && all.filter(({ customerCode }) => customerCode === code).length < customer;
  }

  async function deliver(delivery: ClaimedDelivery, send: SendDelivery): Promise<void> {
    const { deliveryId, kind, destination, attempts } = delivery;
    try {
      const outcome = await send(delivery, stopping.signal).catch((error: unknown) =>
        unsendable(context, delivery, error),
      );
      if (outcome.state === "failed" && stopping.signal.aborted) return;
      const state = await settleDelivery(context, delivery, outcome);
      underWay.delete(delivery);
      context.metrics.deliveryTried(kind, state ?? "waiting");
      if (state === "givenUp") {
        context.log.warn(
          { deliveryId, kind, destination, attempts, answer: outcome.answer },
          "a delivery was given up",
        );
      }
      made.wake();
    } catch (error) {
      underWay.delete(delivery);
      context.log.warn(
        { err: error, deliveryId },
        "a delivery's outcome could not be written; it is tried again after its lease",
      );
    }
  }

  async function sayOnce(kind: DeliveryKind): Promise<void> {
    if (said || (await listCustomers(context, kind)).length === 0) return;
    said = true;
    context.log.warn("mails wait in the outbox: set SMTP_URL (and MAIL_FROM) for them to be sent");
  }

  const inner = service("deliver-outbox", { everyMs }, context.log, async () => {
    const told = await tellHappenings(context);
    for (const kind of ["mail", "webhook"] as const) {
      const send = senders[kind];
      if (send) await claim(kind, send);
      else await sayOnce(kind);
    }
    if (told === "more") made.wake();
  });
  const made: Service = {
    ...inner,
    async stop() {
      await inner.stop();
      const grace = AbortSignal.timeout(stopGraceMs);
      const abort = () => stopping.abort();
      grace.addEventListener("abort", abort, { once: true });
      await Promise.all(underWay.values());
      grace.removeEventListener("abort", abort);
      await handBackDeliveries(context, [...underWay.keys()]).catch((error: unknown) => {
        context.log.warn(
          { err: error },
          "deliveries could not be handed back; they are due when their leases are over",
        );
      });
    },
  };
  return made;
}

/** From behind the last one that had its turn, around. */
function inTurn(codes: readonly string[], last: string): string[] {
  return [...codes.filter((code) => code > last), ...codes.filter((code) => code <= last)];
}

/** The lanes of a customer that have something due, in the order of their turns. */
function dueLanes(seen: readonly LookedAtLane[], code: string): DeliveryLane[] {
  const due = seen.filter(({ customerCode, isDue }) => customerCode === code && isDue);
  const names = new Set([...due.filter((one) => one.inTurn), ...due].map(({ lane }) => lane));
  return [...names].map((lane) => ({ lane, customerCode: code }));
}

/** A fault of ours: it is logged, and the next version of this code may send what this one cannot. */
function unsendable({ log }: Context, { deliveryId, kind }: ClaimedDelivery, error: unknown): DeliveryOutcome {
  log.error({ err: error, deliveryId, kind }, "a delivery could not be made ready");
  return { state: "failed", answer: "It could not be made ready; the node's log says why.", final: false };
}

/** How a node divides its free slots among the customers that have ready jobs. */

/** A customer with jobs that are ready, in the order of its turn. */
export interface WaitingCustomer {
  readonly customerCode: string;
  /** Jobs that are ready; counted no further than the free slots. */
  readonly ready: number;
}

/** Of the slots that the others leave free, a customer may hold at most this part. */
export const largestPart = 0.75;

/**
 * The number of jobs that each customer may start now: one each in turn, again and again, until the slots are taken or nobody
 * may take more.
 *
 * A customer may hold at most `largestPart` of the slots that the others leave free on the node, and always one; a lone
 * customer of the database may hold them all. So whoever comes next finds a free slot although another has work without end.
 *
 * @param slots of the node
 * @param limit jobs that may start at most
 * @param running jobs that run here, by customer
 * @param waiting in the order of their turns
 * @param alone whether the database has but one customer
 * @param ahead jobs of each customer that may be taken before there are slots for them: so many of those that it has here hold none
 * @returns customers with what they may start, those with nothing left out
 */
export function fairShares(
  slots: number,
  limit: number,
  running: ReadonlyMap<string, number>,
  waiting: readonly WaitingCustomer[],
  alone: "alone" | "among others",
  ahead: ReadonlyMap<string, number> = none,
): Map<string, number> {
  const shares = new Map<string, number>();
  const before = [...running.values()].reduce((sum, count) => sum + count, 0);
  const places = [...ahead.values()].reduce((sum, count) => sum + count, slots);
  const most = Math.min(places, before + limit);
  const inSlots = (customer: string): number =>
    Math.max(0, (running.get(customer) ?? 0) + (shares.get(customer) ?? 0) - (ahead.get(customer) ?? 0));
  let slotsHeld = [...running.keys()].reduce((sum, customer) => sum + inSlots(customer), 0);
  let taken = before;
  let turn = [...waiting];
  while (turn.length > 0 && taken < most) {
    const next: WaitingCustomer[] = [];
    for (const customer of turn) {
      if (taken >= most) break;
      const share = shares.get(customer.customerCode) ?? 0;
      const held = inSlots(customer.customerCode);
      if (share >= customer.ready || !mayHoldMore(slots, held, slotsHeld - held, alone)) continue;
      shares.set(customer.customerCode, share + 1);
      taken += 1;
      slotsHeld += inSlots(customer.customerCode) - held;
      next.push(customer);
    }
    turn = next;
  }
  return shares;
}

const none: ReadonlyMap<string, number> = new Map();

/**
 * Whether a customer that holds `held` slots of a node may hold one more.
 *
 * @param others slots that other customers hold
 */
export function mayHoldMore(slots: number, held: number, others: number, alone: "alone" | "among others"): boolean {
  return alone === "alone" || held < Math.max(1, Math.floor(largestPart * (slots - others)));
}

/** How a node divides its places for deliveries of one kind among customers and lanes. */

/** How many deliveries of a kind may be on their way at once: in all, of one customer, and of one lane. */
export interface DeliveryPlaces {
  readonly all: number;
  readonly customer: number;
  readonly lane: number;
}

/** A delivery that is on its way, or a lane that has some to send. */
export interface DeliveryLane {
  readonly lane: string;
  readonly customerCode: string;
}

/** Of the places that the others leave free, a customer may hold at most this part, and always one. */
const largestPart = 0.5;

/**
 * How many deliveries of each lane may begin now: one each in turn, again and again, until the places are taken or nobody may
 * take more. A customer always leaves a part of the places to the others, so whoever comes next finds one, though those before it hang.
 *
 * @param underWay deliveries that are on their way
 * @param lanes in the order of their turns
 * @returns by lane; those that get nothing are left out
 */
export function deliveryShares(
  places: DeliveryPlaces,
  underWay: readonly DeliveryLane[],
  lanes: readonly DeliveryLane[],
): Map<string, number> {
  const ofCustomer = countsOf(underWay.map((one) => one.customerCode));
  const ofLane = countsOf(underWay.map((one) => one.lane));
  const shares = new Map<string, number>();
  let taken = underWay.length;
  let turn = lanes;
  while (turn.length > 0 && taken < places.all) {
    turn = turn.filter(({ lane, customerCode }) => {
      const held = ofCustomer.get(customerCode) ?? 0;
      const most = Math.max(1, Math.floor(largestPart * (places.all - (taken - held))));
      const inLane = ofLane.get(lane) ?? 0;
      if (taken >= places.all || held >= Math.min(places.customer, most) || inLane >= places.lane) return false;
      taken += 1;
      ofCustomer.set(customerCode, held + 1);
      ofLane.set(lane, inLane + 1);
      shares.set(lane, (shares.get(lane) ?? 0) + 1);
      return true;
    });
  }
  return shares;
}

function countsOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

import { expect, test } from "vitest";
import { type DeliveryLane, deliveryShares } from "./delivery-shares.ts";

const places = { all: 20, customer: 10, lane: 4 };

function lanesOf(customerCode: string, count: number): DeliveryLane[] {
  return Array.from({ length: count }, (_, index) => ({ customerCode, lane: `${customerCode} ${index}` }));
}

/** Deliveries that are on their way after these lanes have got what they may have. */
function begin(lanes: readonly DeliveryLane[], underWay: readonly DeliveryLane[] = []): DeliveryLane[] {
  const shares = deliveryShares(places, underWay, lanes);
  return [...underWay, ...lanes.flatMap((one) => Array<DeliveryLane>(shares.get(one.lane) ?? 0).fill(one))];
}

test("one lane, and one customer with many, take no more than theirs", () => {
  expect(begin(lanesOf("a", 1))).toHaveLength(4);
  expect(begin(lanesOf("a", 9))).toHaveLength(10);
});

test("two customers with lanes without end leave places for the next, who gets some at once", () => {
  const two = begin([...lanesOf("a", 9), ...lanesOf("b", 9)]);
  expect(two.length).toBeLessThan(20);
  const three = begin([...lanesOf("a", 9), ...lanesOf("b", 9), ...lanesOf("c", 1)], two);
  expect(three.filter((one) => one.customerCode === "c").length).toBeGreaterThan(0);
  expect(three.length).toBeLessThan(20);
});

test("a place that is left goes to whose turn it is", () => {
  const full = Array.from({ length: 19 }, (_, index) => lanesOf(`full${index}`, 1)).flat();
  expect([...deliveryShares(places, full, [...lanesOf("a", 1), ...lanesOf("b", 1)])]).toEqual([["a 0", 1]]);
  expect(deliveryShares(places, begin(lanesOf("z", 1), full), lanesOf("a", 1)).size).toBe(0);
});

/** The slots of a node, and how many of them each customer holds. */
import { mayHoldMore } from "../model/fair-shares.ts";

/** Who holds the slots of a node. */
export interface SlotBook {
  readonly all: number;
  taken(): number;
  /** By customer, those with none left out; the map changes with the slots. */
  held(): ReadonlyMap<string, number>;
  take(customerCode: string): void;
  leave(customerCode: string): void;
  /** Whether there is a slot, and the customer may hold one more. */
  mayTake(customerCode: string): boolean;
  /** Hears whether the database has but one customer; it has others until then. */
  heard(alone: "alone" | "among others"): void;
}

/** Makes the book; every slot is free. */
export function createSlotBook(all: number): SlotBook {
  const held = new Map<string, number>();
  let taken = 0;
  let sharing: "alone" | "among others" = "among others";

  return {
    all,
    taken: () => taken,
    held: () => held,
    take(customerCode) {
      taken += 1;
      held.set(customerCode, (held.get(customerCode) ?? 0) + 1);
    },
    leave(customerCode) {
      taken -= 1;
      const left = (held.get(customerCode) ?? 0) - 1;
      if (left > 0) held.set(customerCode, left);
      else held.delete(customerCode);
    },
    heard(alone) {
      sharing = alone;
    },
    mayTake(customerCode) {
      if (taken >= all) return false;
      const own = held.get(customerCode) ?? 0;
      return mayHoldMore(all, own, taken - own, sharing);
    },
  };
}

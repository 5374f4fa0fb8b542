import type { AdmissionGroup } from "./admit-jobs.ts";

/** A job that has left its place in the queue, with whom it may have held up (null: it was under no limit). */
export interface LeftPlace {
  readonly id: string;
  readonly group: AdmissionGroup | null;
}

/** The columns that `toLeftPlace` reads. */
export interface LeftPlaceRow {
  id: string;
  limited: boolean;
  customer_code: string;
  definition_id: string | null;
  concurrency_key: string | null;
}

/** Reads a place that was left. */
export function toLeftPlace(row: LeftPlaceRow): LeftPlace {
  const { id, limited, customer_code: customerCode, definition_id: definitionId, concurrency_key: key } = row;
  return { id, group: limited ? { customerCode, definitionId, concurrencyKey: key } : null };
}

/** The groups of places that were left. */
export function groupsOf(places: readonly LeftPlace[]): AdmissionGroup[] {
  return places.flatMap(({ group }) => group ?? []);
}

/** What the address of the overview says: how much of the time around now the timeline shows. */

const hour = 3_600_000;

/** Windows of the timeline: milliseconds back, and ahead. */
export const windows = {
  "6h": { label: "6 hours", back: 6 * hour, ahead: 2 * hour },
  "24h": { label: "24 hours", back: 24 * hour, ahead: 8 * hour },
  "7d": { label: "7 days", back: 7 * 24 * hour, ahead: 2 * 24 * hour },
} as const;

/** The name of a window. */
export type WindowName = keyof typeof windows;

/** What the address says; absent is `24h`. */
export interface OverviewSearch {
  window?: WindowName;
}

/** Reads the address; what is not understood is the usual window. */
export function readOverviewSearch({ window }: Record<string, unknown>): OverviewSearch {
  return { window: window === "6h" || window === "7d" ? window : undefined };
}

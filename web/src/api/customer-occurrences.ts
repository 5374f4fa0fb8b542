/** `/occurrences`: those of all schedules. */
import { queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type { CustomerOccurrenceList, OccurrenceQuery } from "../../../src/schemas/occurrences.ts";
import { request } from "./request.ts";

type Page = Static<typeof CustomerOccurrenceList>;

/** An occurrence of some schedule, or a range of them without a job. */
export type CustomerOccurrence = Page["occurrences"][number];

/** What happened, and will, around now. */
export interface OccurrencesAround {
  readonly occurrences: readonly CustomerOccurrence[];
  /** Milliseconds: between these all is told that there is. */
  readonly from: number;
  readonly to: number;
}

const pageSize = 200;
/** Pages that one reading of what has been, or of what is to come, takes at most. */
const mostPages = 8;

/** What the next ones are, soonest first. */
export function comingOccurrencesQuery(limit: number) {
  return queryOptions({
    queryKey: ["occurrences", "coming", limit],
    queryFn: async ({ signal }) =>
      (await read({ outcome: "expected", after: instant(Date.now()), limit }, signal)).occurrences,
  });
}

/**
 * Occurrences from some time back to some time ahead, in milliseconds.
 *
 * Where there are more than can be read, those nearest to now are.
 */
export function occurrencesAroundQuery(backMs: number, aheadMs: number) {
  return queryOptions({
    queryKey: ["occurrences", "around", backMs, aheadMs],
    queryFn: async ({ signal }): Promise<OccurrencesAround> => {
      const now = Date.now();
      const [past, coming] = await Promise.all([readPast(now, backMs, signal), readComing(now, aheadMs, signal)]);
      return { occurrences: [...past.occurrences, ...coming.occurrences], from: past.from, to: coming.to };
    },
  });
}

async function readComing(now: number, aheadMs: number, signal: AbortSignal) {
  const { occurrences, reached } = await readUpTo(mostPages, now, now + aheadMs, signal);
  return { occurrences, to: reached ?? now + aheadMs };
}

/** Reads backwards in halves, so that the newest are there even where all are too many. */
async function readPast(now: number, backMs: number, signal: AbortSignal) {
  const whole = await readUpTo(1, now - backMs, now, signal);
  if (whole.reached === undefined) return { occurrences: whole.occurrences, from: now - backMs };
  const parts: (readonly CustomerOccurrence[])[] = [];
  let to = now;
  for (let size = backMs / 16; to > now - backMs; size *= 2) {
    const from = Math.max(now - backMs, to - size);
    const { occurrences, reached } = await readUpTo(mostPages / 2, from, to, signal);
    if (reached !== undefined) break;
    parts.unshift(occurrences);
    to = from;
  }
  return { occurrences: parts.flat(), from: to };
}

/** @returns what there is, and up to where where that is not all */
async function readUpTo(pages: number, from: number, to: number, signal: AbortSignal) {
  const occurrences: CustomerOccurrence[] = [];
  // Both bounds are exclusive, and the newest part begins where the one before it ends.
  const window = { after: instant(from - 1), before: instant(to), limit: pageSize };
  let cursor: string | undefined;
  for (let page = 0; page < pages; page += 1) {
    const { occurrences: some, nextCursor } = await read({ ...window, cursor }, signal);
    occurrences.push(...some);
    if (nextCursor === null) return { occurrences };
    cursor = nextCursor;
  }
  const last = occurrences.at(-1);
  return { occurrences, reached: last ? startOf(last) : from };
}

/** When an occurrence is, or its range begins, in milliseconds. */
export function startOf(one: CustomerOccurrence): number {
  return Date.parse("scheduledFor" in one ? one.scheduledFor : one.from);
}

function read(query: Static<typeof OccurrenceQuery>, signal: AbortSignal): Promise<Page> {
  return request("GET", "/occurrences", { query, signal });
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}

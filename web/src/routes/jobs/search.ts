/** The filters of the list of jobs, as the address keeps them. */

import { triggerKinds } from "../../../../src/model/job.ts";
import { jobPhases, jobStatuses } from "../../../../src/model/job-state.ts";
import type { JobQuery } from "../../api/jobs.ts";

/** Periods that the filter offers, in milliseconds. */
export const periods = { "1h": 3_600_000, "24h": 86_400_000, "7d": 7 * 86_400_000 } as const;

/** A period that ends now. */
export type Period = keyof typeof periods;

/** What the address of the list says. */
export interface JobsSearch {
  status?: JobQuery["status"];
  phase?: JobQuery["phase"];
  type?: string;
  definition?: string;
  trigger?: JobQuery["trigger"];
  /** A period that ends now, or else times of the viewer's own. */
  since?: Period;
  after?: string;
  before?: string;
  cursor?: string;
}

/**
 * Reads the address; what is not understood becomes undefined, so that an old or mistyped link still shows jobs. Every
 * name is in the answer, because the router lays it over the address as it stands.
 */
export function readJobsSearch(search: Record<string, unknown>): JobsSearch {
  const text = (name: string): string | undefined => {
    const value = search[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const oneOf = <Value extends string>(name: string, allowed: readonly Value[]): Value | undefined =>
    allowed.find((one) => one === text(name));
  const time = (name: string): string | undefined => {
    const value = text(name);
    return value !== undefined && !Number.isNaN(Date.parse(value)) ? value : undefined;
  };
  return {
    status: oneOf("status", jobStatuses),
    phase: oneOf("phase", jobPhases),
    type: text("type"),
    definition: text("definition"),
    trigger: oneOf("trigger", triggerKinds),
    since: oneOf("since", ["1h", "24h", "7d"]),
    after: time("after"),
    before: time("before"),
    cursor: text("cursor"),
  };
}

/** Leaves out what is undefined, so that the address stays short. */
export function withoutAbsent(search: JobsSearch): JobsSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

/** How many filters are set. */
export function countFilters({ cursor: _, ...filters }: JobsSearch): number {
  return Object.keys(withoutAbsent(filters)).length;
}

/**
 * The list's query. Periods begin at a whole minute, so that the same list is asked for again under the same key.
 *
 * @param now in milliseconds
 */
export function toJobQuery(search: JobsSearch, limit: number, now: number): JobQuery {
  const start = search.since && Math.floor((now - periods[search.since]) / 60_000) * 60_000;
  const after = start === undefined ? search.after : new Date(start).toISOString();
  return {
    limit,
    status: search.status,
    phase: search.phase,
    jobType: search.type,
    jobDefinitionCode: search.definition,
    trigger: search.trigger,
    createdAfter: after,
    createdBefore: search.before,
    cursor: search.cursor,
  };
}

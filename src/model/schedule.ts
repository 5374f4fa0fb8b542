/** The schedule object of a definition: what may be said, and what holds where nothing was said. */

/** What happens to an occurrence while a job of an earlier one is unfinished; the first is the default. */
export const overlapRules = ["allow", "skip", "queueOne", "cancelRunning"] as const;

/** Which occurrences are made up for after an outage; the first is the default. */
export const catchUpRules = ["latest", "all", "none"] as const;

/** A schedule with every field said. */
export interface Schedule {
  readonly cron: string;
  /** An IANA name. */
  readonly timeZone: string;
  /** RFC 3339, inclusive. */
  readonly startAt: string | null;
  /** RFC 3339, exclusive. */
  readonly endAt: string | null;
  /** Dates (`YYYY-MM-DD`, in the schedule's zone) and cron expressions on which it does not fire. */
  readonly exclude: { readonly dates: readonly string[]; readonly crons: readonly string[] };
  readonly overlap: (typeof overlapRules)[number];
  readonly catchUp: (typeof catchUpRules)[number];
  readonly catchUpWindowSeconds: number;
  readonly jitterSeconds: number;
}

/** A schedule as a caller says it: all but `cron` may be absent, and null stands for the default. */
export interface GivenSchedule {
  readonly cron: string;
  readonly timeZone?: string | null | undefined;
  readonly startAt?: string | null | undefined;
  readonly endAt?: string | null | undefined;
  readonly exclude?:
    | { readonly dates?: readonly string[] | undefined; readonly crons?: readonly string[] | undefined }
    | null
    | undefined;
  readonly overlap?: Schedule["overlap"] | null | undefined;
  readonly catchUp?: Schedule["catchUp"] | null | undefined;
  readonly catchUpWindowSeconds?: number | null | undefined;
  readonly jitterSeconds?: number | null | undefined;
}

/** Fills in the defaults. */
export function resolveSchedule(given: GivenSchedule): Schedule {
  return {
    cron: given.cron,
    timeZone: given.timeZone ?? "UTC",
    startAt: given.startAt ?? null,
    endAt: given.endAt ?? null,
    exclude: { dates: given.exclude?.dates ?? [], crons: given.exclude?.crons ?? [] },
    overlap: given.overlap ?? "allow",
    catchUp: given.catchUp ?? "latest",
    catchUpWindowSeconds: given.catchUpWindowSeconds ?? 3600,
    jitterSeconds: given.jitterSeconds ?? 0,
  };
}

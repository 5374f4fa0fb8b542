/** A schedule whose row the transaction has locked. */
export interface LockedSchedule {
  readonly definitionId: string;
  readonly customerCode: string;
  /** Nominal: every occurrence up to here is accounted for. */
  readonly position: Date;
  /** The row of the ledger that the next occurrence may share, if there is one. */
  readonly open: OpenRange | null;
  /** The time of the statement that locked it. */
  readonly now: Date;
}

/** The last row of a schedule's ledger, where it is one without a job. */
export interface OpenRange {
  readonly from: Date;
  readonly outcome: "skipped" | "missed";
  readonly reason: string;
}

/** The columns that `toLockedSchedule` reads. */
export interface LockedScheduleRow {
  definition_id: string;
  customer_code: string;
  position: Date;
  open_from: Date | null;
  open_outcome: OpenRange["outcome"] | null;
  open_reason: string | null;
  now: Date;
}

/** Reads a locked schedule. */
export function toLockedSchedule(row: LockedScheduleRow): LockedSchedule {
  const { open_from: from, open_outcome: outcome, open_reason: reason } = row;
  return {
    definitionId: row.definition_id,
    customerCode: row.customer_code,
    position: row.position,
    open: from !== null && outcome !== null && reason !== null ? { from, outcome, reason } : null,
    now: row.now,
  };
}

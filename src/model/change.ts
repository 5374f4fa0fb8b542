/** Changes that a customer's readers of live events are told. */

/** What a change is of. */
export const changeKinds = ["job", "progress", "log", "definition", "notification"] as const;

/** One of the things whose changes are told. */
export type ChangeKind = (typeof changeKinds)[number];

/** A change of one of a customer's things, with as much of it as a reader needs to know whether to look. */
export interface Change {
  readonly customerCode: string;
  readonly kind: ChangeKind;
  /** Small: it is kept for a minute, and goes to every node that has readers of this customer. */
  readonly data: ChangeData;
}

/** What a change says; `jobId` and `jobDefinitionCode` are what readers filter by. */
export interface ChangeData {
  readonly jobId?: string;
  readonly jobDefinitionCode?: string | null;
  readonly [field: string]: unknown;
}

/** Which of a customer's changes a reader wants; null is no condition. */
export interface ChangeFilter {
  readonly kinds: ReadonlySet<ChangeKind> | null;
  readonly jobId: string | null;
  readonly jobDefinitionCode: string | null;
}

/** Whether a reader with this filter is told of a change. */
export function isWanted(filter: ChangeFilter, { kind, data }: Pick<Change, "kind" | "data">): boolean {
  if (filter.kinds && !filter.kinds.has(kind)) return false;
  if (filter.jobId !== null && data.jobId !== filter.jobId) return false;
  return filter.jobDefinitionCode === null || data.jobDefinitionCode === filter.jobDefinitionCode;
}

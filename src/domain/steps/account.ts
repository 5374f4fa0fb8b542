/** What is to be accounted for of schedules, and what has been. */
import type { JoblessRange, Step } from "../../model/firing/account.ts";
import type { MadeOccurrence } from "../../model/firing/apply-overlap.ts";
import type { QueueState } from "../../model/job-state.ts";
import type { Schedule } from "../../model/schedule.ts";
import type { Advance } from "../../store/schedules/advance-schedules.ts";
import type { LockedSchedule } from "../../store/schedules/locked-schedule.ts";
import type { FiredDefinition } from "../../store/schedules/read-fired-definitions.ts";
import type { CancelledJob } from "./cancel-tree.ts";

/** The occurrences of one schedule that are to be accounted for. */
export interface Account {
  readonly schedule: LockedSchedule;
  readonly definition: FiredDefinition;
  readonly overlap: Schedule["overlap"];
  /** Who saved the schedule. */
  readonly by: string | null;
  readonly steps: readonly Step[];
  /** Where the schedule goes on; null: it stays where it is. */
  readonly advance: Pick<Advance, "position" | "nextFireAt"> | null;
}

/** A job that has been made. */
export interface MadeJob {
  readonly jobId: string;
  readonly jobDefinitionCode: string;
  readonly customerCode: string;
  readonly jobType: string;
  readonly definitionId: string;
  readonly concurrencyKey: string | null;
  readonly outcome: "fired" | "late";
  readonly lateMs: number;
  readonly state: QueueState;
  readonly fate: MadeOccurrence["fate"];
}

/** What has been written, to be announced once it is committed. */
export interface Accounted {
  readonly made: readonly MadeJob[];
  readonly withoutJob: readonly { readonly customerCode: string; readonly range: JoblessRange }[];
  readonly cancelled: readonly CancelledJob[];
}

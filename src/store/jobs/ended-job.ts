import type { TriggerKind } from "../../model/job.ts";
import { formatJobId } from "../../model/job-id.ts";
import type { JobStatus } from "../../model/job-state.ts";
import { type LeftPlace, type LeftPlaceRow, toLeftPlace } from "./left-place.ts";

/** A job that has just ended, whatever ended it: all that is told of an end once it is committed (`announceEnded`). */
export interface EndedJob extends LeftPlace {
  readonly jobId: string;
  readonly customerCode: string;
  readonly jobType: string;
  readonly triggerKind: TriggerKind;
  readonly definitionId: string | null;
  readonly jobDefinitionCode: string | null;
  /** Without the day; null for a job that is no other's child. */
  readonly parentId: string | null;
  readonly status: Exclude<JobStatus, "STARTED">;
  /** Whether its end has made a notification. */
  readonly notifies: boolean;
}

/** The columns that `toEndedJob` reads. */
export interface EndedJobRow extends LeftPlaceRow {
  day: string;
  job_type: string;
  trigger_kind: TriggerKind;
  job_definition_code: string | null;
  parent_id: string | null;
  status: EndedJob["status"];
  notifies: boolean;
}

/** Reads a job that has ended. */
export function toEndedJob(row: EndedJobRow): EndedJob {
  return {
    ...toLeftPlace(row),
    jobId: formatJobId(row),
    customerCode: row.customer_code,
    jobType: row.job_type,
    triggerKind: row.trigger_kind,
    definitionId: row.definition_id,
    jobDefinitionCode: row.job_definition_code,
    parentId: row.parent_id,
    status: row.status,
    notifies: row.notifies,
  };
}

import type { JobFailure, JsonObject } from "../../model/job.ts";
import type { GivenJobOptions, JobOptions } from "../../model/job-options.ts";
import type { GivenSchedule } from "../../model/schedule.ts";
import { readStoredOptions } from "../../model/stored-options.ts";
import type { Sql } from "../sql.ts";

/** A job that has ended, with what is told of it. */
export interface EndedJob {
  readonly customer_code: string;
  readonly day: string;
  readonly id: string;
  readonly job_type: string;
  readonly job_definition_code: string | null;
  readonly definition_version: number | null;
  readonly status: "COMPLETED" | "FAILED";
  readonly options: JobOptions;
  readonly trigger_kind: string;
  readonly trigger_by: string | null;
  readonly scheduled_for: Date | null;
  readonly attempt: number;
  readonly max_attempts: number;
  readonly created_at: Date;
  readonly started_at: Date | null;
  /** Of the last run. */
  readonly run_started_at: Date | null;
  readonly finished_at: Date;
  /** The start of the result's JSON. */
  readonly result_start: string | null;
  readonly result_bytes: number | null;
  readonly result_apart: boolean;
  /** The whole result, where it is not large. */
  readonly result: unknown;
  /** Without its details where they are large. */
  readonly error: JobFailure | null;
  /** null where the definition has gone. */
  readonly definition: {
    readonly id: string;
    readonly name: string;
    readonly schedule: GivenSchedule | null;
    readonly options: GivenJobOptions;
    readonly updatedBy: string | null;
    readonly nextFireAt: string | null;
  } | null;
  /** The address of who made it, as far as that is still one of the customer's people. */
  readonly person: string | null;
  readonly error_request: JsonObject | null;
  readonly error_response: JsonObject | null;
}

/** Bytes of JSON up to which a result or an error is told whole to webhooks. */
const mostBytes = 64 * 1024;
/** Characters of a result that a mail shows. */
const mostShown = 4_000;

/** Reads ended jobs with what is told of them; one that has gone with its day is missing. */
export async function findEndedJobs(
  sql: Sql,
  keys: readonly { customerCode: string; day: string; id: string }[],
): Promise<EndedJob[]> {
  const rows = await sql<Omit<EndedJob, "options"> & { options: GivenJobOptions }>`
    select j.customer_code, j.day, j.id, j.job_type, j.job_definition_code, j.definition_version, j.status, j.options,
           j.trigger_kind, j.trigger_by, j.scheduled_for, j.attempt, j.max_attempts, j.created_at,
           j.first_started_at as started_at, j.started_at as run_started_at, j.finished_at, left(j.result::text, ${mostShown}) as result_start,
           octet_length(j.result::text) as result_bytes, j.result_apart,
           case when octet_length(j.result::text) <= ${mostBytes} then j.result end as result,
           case when octet_length(j.error::text) > ${mostBytes}
                then json_build_object('code', j.error -> 'code', 'message', j.error -> 'message',
                                       'retryable', j.error -> 'retryable', 'details', json_build_object())
                else j.error end as error,
           case when octet_length((j.error -> 'details' -> 'request')::text) <= ${mostBytes}
                then j.error -> 'details' -> 'request' end as error_request,
           case when octet_length((j.error -> 'details' -> 'response')::text) <= ${mostBytes}
                then j.error -> 'details' -> 'response' end as error_response,
           case when d.definition_id is not null then
             json_build_object('id', d.definition_id, 'name', d.name, 'schedule', d.schedule, 'options', d.options,
                               'updatedBy', d.updated_by, 'nextFireAt', s.next_fire_at) end as definition,
           u.email as person
      from unnest(${keys.map((key) => key.customerCode)}::text[], ${keys.map((key) => key.day)}::date[],
                  ${keys.map((key) => key.id)}::uuid[]) as k (customer_code, day, id)
      join job j on j.customer_code = k.customer_code and j.day = k.day and j.id = k.id
      left join job_definition d on d.definition_id = j.definition_id
      left join schedule s on s.definition_id = j.definition_id
      left join app_user u on u.customer_code = j.customer_code and lower(u.email) = lower(j.trigger_by)
     where j.finished_at is not null`;
  return rows.map((row) => ({ ...row, options: readStoredOptions(row.options) }));
}

import type { JsonText } from "../../model/job.ts";
import { jsonArray } from "../json-array.ts";
import type { Sql } from "../sql.ts";

/** A span of a schedule that is put aside. Times are milliseconds since 1970. */
export interface NewBacklog {
  readonly id: string;
  readonly definitionId: string;
  readonly customerCode: string;
  /** The schedule as it was. */
  readonly schedule: JsonText;
  readonly savedBy: string | null;
  /** Nominal; included. */
  readonly from: number;
  /** Nominal; excluded. */
  readonly to: number;
  readonly asOf: number;
  /** Nominal; null: nowhere. */
  readonly regardlessFrom: number | null;
}

/** Puts spans aside, under the locks of their schedules; each may be settled at once. */
export async function insertBacklogs(sql: Sql, backlogs: readonly NewBacklog[]): Promise<void> {
  await sql`
    insert into schedule_backlog (backlog_id, definition_id, customer_code, saved_by, from_time, to_time, as_of,
                                  regardless_from, schedule, due_at)
    select b.*, app_now() from rows from (unnest(
      ${backlogs.map((one) => one.id)}::uuid[],
      ${backlogs.map((one) => one.definitionId)}::uuid[],
      ${backlogs.map((one) => one.customerCode)}::text[],
      ${backlogs.map((one) => one.savedBy)}::text[],
      ${backlogs.map((one) => new Date(one.from).toISOString())}::timestamptz[],
      ${backlogs.map((one) => new Date(one.to).toISOString())}::timestamptz[],
      ${backlogs.map((one) => new Date(one.asOf).toISOString())}::timestamptz[],
      ${backlogs.map((one) => (one.regardlessFrom === null ? null : new Date(one.regardlessFrom).toISOString()))}::timestamptz[]
    ), json_array_elements(${jsonArray(backlogs.map((one) => one.schedule))}::text::json)) as b`;
}

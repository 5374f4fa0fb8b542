import type { JsonObject } from "../../model/job.ts";
import type { Sql } from "../sql.ts";

/** Something that has happened and is to be told. */
export interface Happening {
  readonly happeningId: string;
  readonly customerCode: string;
  /** `jobEnded`, or the outcome of an occurrence that did not come on time. */
  readonly kind: "jobEnded" | "late" | "skipped" | "missed";
  readonly at: Date;
  readonly definitionId: string | null;
  readonly jobDay: string | null;
  readonly jobId: string | null;
  /** Of an occurrence: `scheduledFor`, `reason`, `lateMs`; of several in a row, that of the last, with `from` and `count`. */
  readonly facts: JsonObject | null;
}

/**
 * Takes out what has happened, oldest first, at most `limit`; in the transaction that writes what is told of it, so that nothing is
 * told twice or not at all. What another node is taking is passed over.
 */
export async function takeHappenings(sql: Sql, limit: number): Promise<Happening[]> {
  const rows = await sql<Happening>`
    delete from happening where happening_id = any (array(
      select happening_id from happening where due_at <= app_now()
       order by due_at, at limit ${limit} for update skip locked))
    returning happening_id as "happeningId", customer_code as "customerCode", kind, at, definition_id as "definitionId",
              job_day as "jobDay", job_id as "jobId", facts`;
  return rows.sort((a, b) => a.at.getTime() - b.at.getTime());
}

import type { Database } from "../../store/database.ts";
import { isMissingPartition } from "../../store/database-errors.ts";
import { makeJobDays } from "../../store/jobs/make-job-days.ts";

/** Writes jobs; a day that is met for the first time is made, and the write goes again: it took no effect. */
export async function withJobDays<T>(database: Database, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isMissingPartition(error)) throw error;
    await makeJobDays(database.sql, 0);
    return write();
  }
}

import type { Database } from "../store/database.ts";
import { isRefused } from "../store/database-errors.ts";
import { insertJobLogs, type NewLogLine } from "../store/jobs/insert-job-logs.ts";
import { type NewProgress, updateProgress } from "../store/jobs/update-progress.ts";

export type { NewLogLine, NewProgress };

/** What the runs of a node tell, to be written together. */
export interface Reports {
  readonly lines: readonly NewLogLine[];
  readonly progress: readonly NewProgress[];
}

/**
 * Writes what runs tell; may be repeated. Of a run that has lost its claim nothing is written.
 *
 * @returns whether PostgreSQL refused what it was given, and would every time
 * @throws what says that the database is away
 */
export async function writeReports(database: Database, { lines, progress }: Reports): Promise<"written" | "refused"> {
  try {
    if (lines.length > 0) await insertJobLogs(database.sql, lines);
    if (progress.length > 0) await updateProgress(database.sql, progress);
    return "written";
  } catch (error) {
    if (isRefused(error)) return "refused";
    throw error;
  }
}

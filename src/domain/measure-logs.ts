import type { JobKey } from "../model/job-id.ts";
import type { Database } from "../store/database.ts";
import { type LogSize, measureJobLogs } from "../store/jobs/measure-job-logs.ts";

/** Answers how much earlier runs of these jobs have logged. */
export async function measureLogs(database: Database, keys: readonly JobKey[]): Promise<LogSize[]> {
  return measureJobLogs(database.sql, keys);
}

import { deleteOldKeys } from "../store/idempotency-keys/delete-old-keys.ts";
import { makeJobDays } from "../store/jobs/make-job-days.ts";
import type { Context } from "./context.ts";

const daysAhead = 7;
const keysAtOnce = 1_000;

/** Makes today's and the coming days' partitions, and removes old idempotency keys in small batches. */
export async function maintainStorage(context: Context): Promise<void> {
  const { sql } = context.database;
  await makeJobDays(sql, daysAhead);
  while ((await deleteOldKeys(sql, keysAtOnce)) === keysAtOnce) {}
}

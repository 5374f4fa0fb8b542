import type { Database } from "../store/database.ts";
import { toCallerError } from "../store/database-errors.ts";
import type { Sql } from "../store/sql.ts";

/** Runs the writes of a use case in one transaction; an outage becomes UNAVAILABLE and nothing is tried again. */
export async function inTransaction<T>(database: Database, work: (sql: Sql) => Promise<T>): Promise<T> {
  return database.transaction(work).catch((error: unknown) => {
    throw toCallerError(error);
  });
}

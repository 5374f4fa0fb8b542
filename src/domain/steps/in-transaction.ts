import type { Database } from "../../store/database.ts";
import { toCallerError } from "../../store/database-errors.ts";
import type { Sql } from "../../store/sql.ts";
import { retryDeadlocks } from "./retry-deadlocks.ts";

/**
 * Runs the writes of a use case in one transaction. One that PostgreSQL undid because of a deadlock goes again; an outage becomes
 * UNAVAILABLE, and nothing is tried again.
 */
export async function inTransaction<T>(database: Database, work: (sql: Sql) => Promise<T>): Promise<T> {
  try {
    return await retryDeadlocks(() => database.transaction(work));
  } catch (error) {
    throw toCallerError(error);
  }
}

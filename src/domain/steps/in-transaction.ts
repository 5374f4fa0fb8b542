import type { Database } from "../../store/database.ts";
import { isDeadlock, toCallerError } from "../../store/database-errors.ts";
import type { Sql } from "../../store/sql.ts";

const mostTries = 3;

/**
 * Runs the writes of a use case in one transaction. One that PostgreSQL undid because of a deadlock goes again; an outage becomes
 * UNAVAILABLE, and nothing is tried again.
 */
export async function inTransaction<T>(database: Database, work: (sql: Sql) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await database.transaction(work);
    } catch (error) {
      if (tries === mostTries || !isDeadlock(error)) throw toCallerError(error);
    }
  }
}

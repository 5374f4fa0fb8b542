import type { Database } from "../../store/database.ts";
import { toCallerError } from "../../store/database-errors.ts";
import type { Sql } from "../../store/sql.ts";

/** Reads, and again while the database is away for a moment; an outage that lasts longer becomes UNAVAILABLE. */
export async function readPatiently<T>(database: Database, read: (sql: Sql) => Promise<T>): Promise<T> {
  return database.repeatable(read).catch((error: unknown) => {
    throw toCallerError(error);
  });
}

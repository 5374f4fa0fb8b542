/**
 * Connections that share a purpose, with a deadline on each statement.
 *
 * States: open → closed. Invariants: no statement waits longer than its deadline, also where PostgreSQL is frozen and says nothing;
 * a pool that holds a statement past its deadline is replaced, so that dead connections do not pile up.
 */
import { DeadlineExceeded } from "./database-errors.ts";
import { type Pool, runOn, type StoreLog } from "./pool.ts";
import type { Sql } from "./sql.ts";

/** Longest that a statement may take. */
const statementDeadlineMs = 10_000;

/** Statements on connections of their own. */
export interface Lane {
  readonly sql: Sql;
  close(): Promise<void>;
}

/** Makes a lane. @param open opens its pool, at first and whenever one is replaced */
export function createLane(open: () => Pool, log: StoreLog): Lane {
  let pool = open();
  let state: "open" | "closed" = "open";

  /** The stuck connections die with the old pool; new statements go through a new one. */
  function replacePool(stuck: Pool): void {
    if (pool !== stuck || state === "closed") return;
    log.warn({}, "a statement passed its deadline; the database connections are made anew");
    pool = open();
    stuck.end({ timeout: 5 }).catch((error: unknown) => log.debug({ err: error }, "old connections"));
  }

  function bounded<T>(work: Promise<T>, from: Pool): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        replacePool(from);
        reject(new DeadlineExceeded(statementDeadlineMs));
      }, statementDeadlineMs);
      work.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  return {
    sql: async (text, ...values) => bounded(runOn(pool, text, values), pool),
    async close() {
      state = "closed";
      await pool.end({ timeout: 5 });
    },
  };
}

import type { Sql } from "../sql.ts";

/** A job that is about to start a child. */
export interface Parent {
  /** Levels of parents above it. */
  readonly depth: number;
  readonly cancelled: boolean;
}

/** Locks a job while a node holds it under the given claim; undefined where it does not any more. */
export async function lockParent(sql: Sql, id: string, claim: string): Promise<Parent | undefined> {
  const [row] = await sql<{ depth: number; cancelled: boolean }>`
    select depth, cancellation is not null as cancelled from job_queue
     where id = ${id}::uuid and claim = ${claim}::uuid for no key update`;
  return row;
}

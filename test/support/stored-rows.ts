import { expect } from "vitest";
import type { TestDatabase } from "./database.ts";

/** How many rows there are of everything that a request may write, but for the people and keys that let requests in. */
export async function countRows({ sql }: TestDatabase): Promise<Record<string, number>> {
  const [row] = await sql<Record<string, number>[]>`
    select (select count(*) from job)::integer as job,
           (select count(*) from job_queue)::integer as job_queue,
           (select count(*) from job_attempt)::integer as job_attempt,
           (select count(*) from job_definition)::integer as job_definition,
           (select count(*) from idempotency_key)::integer as idempotency_key,
           (select count(*) from audit_event)::integer as audit_event,
           (select count(*) from app_user)::integer as app_user,
           (select count(*) from api_key)::integer as api_key,
           (select count(*) from customer)::integer as customer`;
  if (!row) throw new Error("no counts");
  return row;
}

/** Does what must leave no row behind; fails where it did. */
export async function leavingNothing<T>(database: TestDatabase, work: () => Promise<T>): Promise<T> {
  const before = await countRows(database);
  const answer = await work();
  expect(await countRows(database)).toEqual(before);
  return answer;
}

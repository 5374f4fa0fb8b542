import type { JsonObject } from "../../model/job.ts";
import type { Sql } from "../sql.ts";

/** A state that a job keeps, as it is stored. */
export interface StoredState {
  readonly id: string;
  readonly customerCode: string;
  readonly state: JsonObject;
  /** The same to the letter. */
  readonly text: string;
}

/** Lists sealed states of unfinished jobs by the jobs' ids, from behind `after`. Reads all of the queue: for operators. */
export async function listSealedStates(sql: Sql, after: string, limit: number): Promise<StoredState[]> {
  return sql<StoredState>`
    select id, customer_code as "customerCode", resume_state as state, resume_state::text as text
      from job_queue
     where id > ${after}::uuid and resume_state is not null and resume_state::text like '{"$sealed":%'
     order by id limit ${limit}`;
}

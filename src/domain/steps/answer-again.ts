import type { Actor } from "../../model/actor.ts";
import { ApiError } from "../../model/api-errors.ts";
import { findIdempotencyKeys } from "../../store/idempotency-keys/find-idempotency-keys.ts";
import type { Context } from "../context.ts";
import { type IdempotencyKey, isSameRequest } from "../create-jobs.ts";
import { readPatiently } from "./read-patiently.ts";

/**
 * Makes a job; a request that is sent again under its key is answered as it was the first time, also where it would be refused by
 * now, because the definition has been changed or deleted since, or because the queue is full.
 */
export async function answerAgain(
  context: Context,
  actor: Actor,
  idempotencyKey: IdempotencyKey | undefined,
  create: () => Promise<string>,
): Promise<string> {
  try {
    return await create();
  } catch (error) {
    if (!idempotencyKey || !(error instanceof ApiError) || error.status >= 500) throw error;
    const wanted = { customerCode: actor.customerCode, key: idempotencyKey.key };
    const [kept] = await readPatiently(context.database, (sql) => findIdempotencyKeys(sql, [wanted]));
    if (kept?.isCurrent && isSameRequest(kept, idempotencyKey)) return kept.jobId;
    throw error;
  }
}

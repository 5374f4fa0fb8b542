import type { Actor } from "../model/actor.ts";
import type { Delivery } from "../model/delivery.ts";
import { parseJobId } from "../model/job-id.ts";
import { listDeliveries as listAll } from "../store/outbox/list-deliveries.ts";
import { listJobDeliveries } from "../store/outbox/list-job-deliveries.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/** Lists what was sent to people and webhooks, or is to be, newest first, from behind `before`; of one job, where one is named. */
export async function listDeliveries(
  { database }: Context,
  { customerCode }: Actor,
  jobId: string | undefined,
  before: string | null,
  limit: number,
): Promise<Delivery[]> {
  if (jobId === undefined) return readPatiently(database, (sql) => listAll(sql, customerCode, before, limit));
  const key = parseJobId(jobId);
  if (!key) return [];
  return readPatiently(database, (sql) => listJobDeliveries(sql, customerCode, key.id, before, limit));
}

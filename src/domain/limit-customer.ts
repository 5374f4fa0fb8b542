import { notFound } from "../model/api-errors.ts";
import type { Clock } from "../runtime/clock.ts";
import { deleteTypeConcurrency } from "../store/customers/delete-type-concurrency.ts";
import { lockAdmission } from "../store/customers/lock-admission.ts";
import { setCustomerConcurrency } from "../store/customers/set-customer-concurrency.ts";
import { setCustomerQueueLength } from "../store/customers/set-customer-queue-length.ts";
import { setTypeConcurrency } from "../store/customers/set-type-concurrency.ts";
import type { Database } from "../store/database.ts";
import { limitJobs } from "../store/jobs/limit-jobs.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";

/** Limits of a customer, each to be set (a number), taken away (null) or left as it is (absent). */
export interface CustomerLimits {
  /** Jobs that run at once; with `jobType`, jobs of that type. */
  readonly maxConcurrent?: number | null;
  readonly jobType?: string;
  /** Unfinished jobs. */
  readonly maxQueued?: number | null;
}

/**
 * Sets limits of a customer. They hold for what is in the queue already: jobs that run go on and count, and no other starts until
 * there is room. Nodes let through what a higher limit allows within a second.
 *
 * @throws ApiError NOT_FOUND
 */
export async function limitCustomer(
  database: Database,
  clock: Clock,
  customerCode: string,
  limits: CustomerLimits,
): Promise<void> {
  const { maxConcurrent, jobType, maxQueued } = limits;
  await inTransaction(database, async (sql) => {
    // Before a limit is written: an admission that counts by the old one has then been committed, and is seen below.
    await lockAdmission(sql, [customerCode]);
    const found: boolean[] = [];
    if (maxQueued !== undefined) found.push(await setCustomerQueueLength(sql, customerCode, maxQueued));
    if (maxConcurrent !== undefined && jobType === undefined) {
      found.push(await setCustomerConcurrency(sql, customerCode, maxConcurrent));
    }
    if (jobType !== undefined && maxConcurrent === null) await deleteTypeConcurrency(sql, customerCode, jobType);
    if (jobType !== undefined && maxConcurrent !== undefined && maxConcurrent !== null) {
      found.push(await setTypeConcurrency(sql, customerCode, jobType, maxConcurrent));
    }
    if (found.includes(false)) throw notFound("customer", customerCode);
    if (maxConcurrent !== undefined && maxConcurrent !== null) {
      await limitJobs(sql, customerCode, { definitionId: null, jobType: jobType ?? null });
    }
    const actor = { customerCode, email: "operator" };
    await recordAudit(sql, clock, actor, "customer.limit", customerCode, { ...limits });
  });
}

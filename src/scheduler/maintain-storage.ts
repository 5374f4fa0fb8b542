/**
 * Keeps the tables in shape: makes the days that are coming, and removes idempotency keys that have served their time.
 *
 * Invariants: today and the next seven days have their partitions; every node may run this at once.
 */
import type { Context } from "../domain/context.ts";
import { maintainStorage } from "../domain/maintain-storage.ts";
import { type Service, service } from "../runtime/service.ts";

const everyMs = 10 * 60_000;

/** Makes the service. */
export function createMaintainStorage(context: Context): Service {
  return service("maintain-storage", { everyMs }, context.log, () => maintainStorage(context));
}

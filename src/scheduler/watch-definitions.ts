/**
 * Tells of what does not happen: no success in time, a run that takes long.
 *
 * Invariant: it is the scheduler's, and needs no worker: it also tells when every worker has stopped.
 */
import type { Context } from "../domain/context.ts";
import { watchDefinitions } from "../domain/watch-definitions.ts";
import { type Service, service } from "../runtime/service.ts";

const everyMs = 5_000;

/** Makes the service. */
export function createWatchDefinitions(context: Context): Service {
  return service("watch-definitions", { everyMs }, context.log, () => watchDefinitions(context));
}

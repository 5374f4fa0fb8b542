/**
 * Writes when keys were last used, once a minute for all of them.
 *
 * Invariant: a request never waits for this, and what a killed node had not written yet is lost: a minute at most.
 */
import type { Authenticator } from "../domain/authenticate.ts";
import type { Context } from "../domain/context.ts";
import { type Service, service } from "../runtime/service.ts";

const everyMs = 60_000;

/** Makes the service. */
export function createWriteKeyUse(context: Context, authenticator: Authenticator): Service {
  return service("write-key-use", { everyMs }, context.log, () => authenticator.writeLastUse());
}

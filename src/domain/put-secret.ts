import type { Actor } from "../model/actor.ts";
import { conflict, type FieldError, invalid } from "../model/api-errors.ts";
import { largestSecret, type Secret } from "../model/secret.ts";
import { parseSecretHost } from "../model/secret-hosts.ts";
import { insertSecret } from "../store/secrets/insert-secret.ts";
import { lockSecret } from "../store/secrets/lock-secret.ts";
import { updateSecret } from "../store/secrets/update-secret.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";
import { requireSecretKey } from "./steps/require-secret-key.ts";
import { sealSecret } from "./steps/sealed-secret.ts";

/** A secret as it is sent; absent hosts stay as they are, null is any host. */
export interface GivenSecret {
  readonly value: string;
  readonly hosts?: readonly string[] | null | undefined;
}

/**
 * Makes a secret or replaces its value. The next run of a job that uses it, on whichever node, gets the new one.
 *
 * @throws ApiError VALIDATION_FAILED, UNAVAILABLE (also where the node has no key), CONFLICT where it is deleted meanwhile
 */
export async function putSecret(
  context: Context,
  actor: Actor,
  secretCode: string,
  given: GivenSecret,
): Promise<{ secret: Secret; outcome: "created" | "replaced" }> {
  const hosts = check(given);
  const key = requireSecretKey(context);
  const { customerCode, email } = actor;
  const seal = (bound: readonly string[] | null) =>
    sealSecret(key, { customerCode, secretCode, hosts: bound }, given.value);
  return inTransaction(context.database, async (sql) => {
    const wanted = hosts ?? null;
    const made = await insertSecret(sql, customerCode, secretCode, seal(wanted), wanted, email);
    if (made) {
      await recordAudit(sql, context.clock, actor, "secret.create", secretCode, { hosts: made.hosts });
      return { secret: made, outcome: "created" };
    }
    const before = await lockSecret(sql, customerCode, secretCode);
    // Whoever replaces a value without a word about hosts does not set it free.
    const bound = hosts === undefined ? (before?.hosts ?? null) : hosts;
    const secret = before && (await updateSecret(sql, customerCode, secretCode, seal(bound), bound, email));
    if (!secret) throw conflict(`The secret ${secretCode} was deleted meanwhile; send it again.`);
    await recordAudit(sql, context.clock, actor, "secret.update", secretCode, { hosts: secret.hosts });
    return { secret, outcome: "replaced" };
  });
}

/** @returns the hosts in the form in which they are compared */
function check({ value, hosts }: GivenSecret): readonly string[] | null | undefined {
  const errors: FieldError[] = [];
  if (Buffer.byteLength(value) > largestSecret) {
    errors.push({ path: "/value", message: `must have at most ${largestSecret} bytes as UTF-8` });
  }
  const parsed = hosts?.map((host, index) => {
    const found = parseSecretHost(host);
    if (found === undefined) {
      const message = "must be a host such as api.example.com, *.example.com or 203.0.113.7, with :port or without";
      errors.push({ path: `/hosts/${index}`, message });
    }
    return found ?? host;
  });
  if (errors.length > 0) throw invalid(errors);
  return parsed ? [...new Set(parsed)] : hosts === null ? null : undefined;
}

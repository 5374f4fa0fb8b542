/** What a customer's webhook calls are signed with: a secret like any other, so it can be replaced, rotated and bound. */
import { randomBytes } from "node:crypto";
import type { Actor } from "../model/actor.ts";
import { JobError } from "../model/job-errors.ts";
import { isAmongHosts } from "../model/secret-hosts.ts";
import { ownSigningSecret, signerCode } from "../model/telling.ts";
import { insertSecret } from "../store/secrets/insert-secret.ts";
import type { Context } from "./context.ts";
import { readSecrets } from "./read-secrets.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";
import { requireSecretKey } from "./steps/require-secret-key.ts";
import { sealSecret } from "./steps/sealed-secret.ts";

/** Of HMAC-SHA256; the specification asks for 24 to 64. */
const signingBytes = 32;

/**
 * Reads what a call is signed with; the customer's own is made when it is first needed.
 *
 * @param reference `{{secrets.CODE}}`; null: the customer's own
 * @param destination where what it signs goes; null: nowhere
 * @throws JobError SECRET_NOT_FOUND, SECRET_UNREADABLE, SECRET_NOT_ALLOWED where the secret is bound to other hosts; ApiError UNAVAILABLE where the node has no key to encrypt with
 */
export async function signingSecret(
  context: Context,
  customerCode: string,
  reference: string | null,
  destination: URL | null,
): Promise<string> {
  const code = signerCode(reference);
  try {
    return await read(context, customerCode, code, destination);
  } catch (error) {
    const isMissing = error instanceof JobError && error.code === "SECRET_NOT_FOUND";
    if (!isMissing || reference !== null) throw error;
    await makeOwn(context, customerCode);
    return read(context, customerCode, code, destination);
  }
}

/** Reads the customer's own signing secret, for who sets up a receiver; the reading is audited. @throws as `signingSecret` */
export async function showSigningSecret(context: Context, actor: Actor): Promise<string> {
  const secret = await signingSecret(context, actor.customerCode, null, null);
  await inTransaction(context.database, (sql) =>
    recordAudit(sql, context.clock, actor, "secret.read", ownSigningSecret),
  );
  return secret;
}

async function read(context: Context, customerCode: string, code: string, destination: URL | null): Promise<string> {
  const [secret] = await readSecrets(context, customerCode, [code]);
  if (!secret) throw new Error("a secret that was asked for is neither there nor missing");
  if (destination && secret.hosts && !isAmongHosts(secret.hosts, destination)) {
    throw new JobError(
      "SECRET_NOT_ALLOWED",
      `The secret ${code} may sign calls to ${secret.hosts.join(", ")} alone; this one goes to ${destination.host}.`,
      { details: { secretCode: code } },
    );
  }
  return secret.value;
}

async function makeOwn(context: Context, customerCode: string): Promise<void> {
  const value = `whsec_${randomBytes(signingBytes).toString("base64")}`;
  const by = { customerCode, email: "punctual" };
  await inTransaction(context.database, async (sql) => {
    const sealed = sealSecret(
      requireSecretKey(context),
      { customerCode, secretCode: ownSigningSecret, hosts: null },
      value,
    );
    // Another node may have been first: then its one holds.
    const made = await insertSecret(sql, customerCode, ownSigningSecret, sealed, null, by.email);
    if (made) await recordAudit(sql, context.clock, by, "secret.create", ownSigningSecret);
  });
}

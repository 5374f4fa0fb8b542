import { JobError } from "../model/job-errors.ts";
import type { SecretValue } from "../model/secret.ts";
import { findSealedSecrets } from "../store/secrets/find-sealed-secrets.ts";
import type { Context } from "./context.ts";
import { openSecret } from "./steps/sealed-secret.ts";

/** As long as a node's lease: after that the job may run elsewhere. */
const readForMs = 25_000;

/**
 * Reads the values of secrets, for one run of a job: nothing of them is kept, so that a change holds from the next run on.
 *
 * @throws JobError SECRET_NOT_FOUND, SECRET_UNREADABLE, each with the code of the secret
 */
export async function readSecrets(
  { database, secretKeys }: Context,
  customerCode: string,
  codes: readonly string[],
): Promise<SecretValue[]> {
  if (codes.length === 0) return [];
  const rows = await database.repeatable((sql) => findSealedSecrets(sql, customerCode, codes), readForMs);
  const found = new Map(rows.map((row) => [row.secretCode, row]));
  return codes.map((code) => {
    const row = found.get(code);
    if (!row) throw new JobError("SECRET_NOT_FOUND", `There is no secret ${code}.`, { details: { secretCode: code } });
    try {
      return { code, value: openSecret(secretKeys, { ...row, customerCode }), hosts: row.hosts };
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const details = { secretCode: code };
      throw new JobError("SECRET_UNREADABLE", `The secret ${code} cannot be read: ${reason}.`, { details, cause });
    }
  });
}

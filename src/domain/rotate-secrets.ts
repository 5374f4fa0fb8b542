import type { Clock } from "../runtime/clock.ts";
import type { Database } from "../store/database.ts";
import { lockSecretsToRotate, type SealedSecretOf } from "../store/secrets/lock-secrets-to-rotate.ts";
import { resealSecret } from "../store/secrets/reseal-secret.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";
import { requireSecretKey } from "./steps/require-secret-key.ts";
import { openSecret, sealSecret } from "./steps/sealed-secret.ts";

/** Secrets of one transaction: at 64 KiB each some megabytes. */
const batch = 50;

/** What a rotation has done. */
export interface Rotation {
  /** Secrets that are now encrypted under the newest key. */
  rotated: number;
  /** Those that no key opens, which stay as they are. */
  readonly unreadable: { readonly customerCode: string; readonly secretCode: string; readonly reason: string }[];
}

/**
 * Encrypts every secret of every customer that is not under the newest key anew, batch by batch; broken off, it goes on where it is
 * called again. Secrets that are written meanwhile are not in its way.
 *
 * @throws ApiError UNAVAILABLE
 */
export async function rotateSecrets(
  database: Database,
  clock: Clock,
  secretKeys: Context["secretKeys"],
): Promise<Rotation> {
  const newest = requireSecretKey({ secretKeys });
  const rotation: Rotation = { rotated: 0, unreadable: [] };
  let after = { customerCode: "", secretCode: "" };
  for (;;) {
    const opened = await inTransaction(database, async (sql) => {
      const locked = await lockSecretsToRotate(sql, newest.id, after, batch);
      const tried = locked.map((row) => ({ row, ...open(secretKeys, row) }));
      for (const { row, value } of tried) {
        if (value === undefined) continue;
        await resealSecret(sql, row.customerCode, row.secretCode, sealSecret(newest, row, value));
        const actor = { customerCode: row.customerCode, email: "operator" };
        await recordAudit(sql, clock, actor, "secret.rotate", row.secretCode, { keyId: newest.id });
      }
      return tried;
    });
    for (const { row, reason } of opened) {
      if (reason === undefined) rotation.rotated += 1;
      else rotation.unreadable.push({ customerCode: row.customerCode, secretCode: row.secretCode, reason });
    }
    const last = opened.at(-1);
    if (!last || opened.length < batch) return rotation;
    after = last.row;
  }
}

function open(
  keys: Context["secretKeys"],
  row: SealedSecretOf,
): { value: string; reason?: undefined } | { value?: undefined; reason: string } {
  try {
    return { value: openSecret(keys, row) };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

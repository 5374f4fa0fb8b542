import type { Clock } from "../runtime/clock.ts";
import type { Database } from "../store/database.ts";
import { listSealedStates } from "../store/jobs/list-sealed-states.ts";
import { replaceState } from "../store/jobs/replace-state.ts";
import { lockSecretsToRotate } from "../store/secrets/lock-secrets-to-rotate.ts";
import { resealSecret } from "../store/secrets/reseal-secret.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";
import { requireSecretKey } from "./steps/require-secret-key.ts";
import { openSecret, sealSecret } from "./steps/sealed-secret.ts";
import { openState, sealState } from "./steps/sealed-state.ts";

/** Secrets of one transaction: at 64 KiB each some megabytes. */
const batch = 50;

/** What a rotation has done. */
export interface Rotation {
  /** Secrets that are now encrypted under the newest key. */
  rotated: number;
  /** States of waiting jobs that held a secret, and are now encrypted under the newest key. */
  states: number;
  /** Those that no key opens, which stay as they are: secrets by their code, states by the job's id without its day. */
  readonly unreadable: { readonly customerCode: string; readonly name: string; readonly reason: string }[];
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
  const rotation: Rotation = { rotated: 0, states: 0, unreadable: [] };
  await rotateValues(database, clock, secretKeys, rotation);
  await rotateStates(database, secretKeys, rotation);
  return rotation;
}

async function rotateValues(
  database: Database,
  clock: Clock,
  secretKeys: Context["secretKeys"],
  rotation: Rotation,
): Promise<void> {
  const newest = requireSecretKey({ secretKeys });
  let after = { customerCode: "", secretCode: "" };
  for (;;) {
    const opened = await inTransaction(database, async (sql) => {
      const locked = await lockSecretsToRotate(sql, newest.id, after, batch);
      const tried = locked.map((row) => ({ row, ...attempt(() => openSecret(secretKeys, row)) }));
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
      else rotation.unreadable.push({ customerCode: row.customerCode, name: row.secretCode, reason });
    }
    const last = opened.at(-1);
    if (!last || opened.length < batch) return;
    after = last.row;
  }
}

/** One by one: a state that its job replaces meanwhile is under the newest key already. */
async function rotateStates(database: Database, secretKeys: Context["secretKeys"], rotation: Rotation): Promise<void> {
  const newest = requireSecretKey({ secretKeys });
  let after = "00000000-0000-0000-0000-000000000000";
  for (;;) {
    const stored = await database.repeatable((sql) => listSealedStates(sql, after, batch));
    for (const { id, customerCode, state, text } of stored) {
      const job = { id, customerCode };
      const { value, reason } = attempt(() => openState(secretKeys, job, state));
      if (reason !== undefined) rotation.unreadable.push({ customerCode, name: id, reason });
      else if (await replaceState(database.sql, id, text, sealState(newest, job, value))) rotation.states += 1;
    }
    const last = stored.at(-1);
    if (!last || stored.length < batch) return;
    after = last.id;
  }
}

function attempt(open: () => string): { value: string; reason?: undefined } | { value?: undefined; reason: string } {
  try {
    return { value: open() };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The keys that secrets are encrypted with: those of PUNCTUAL_SECRET_KEY, and with the embedded database those of a file in the
 * data directory, which the first start makes where none is set.
 */
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config/settings.ts";
import { newSecretKey, parseSecretKeys, type SecretKey } from "../model/secret-box.ts";
import { StartError } from "../model/start-error.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Database } from "../store/database.ts";
import { listSecretKeys } from "../store/secrets/list-secret-keys.ts";

/** Readable by the node's user alone. */
function keyFile(dataDir: string): string {
  return join(dataDir, "secret.key");
}

/**
 * The keys as they are set, the newest first. A key of the file stands behind those of the setting, so that what was encrypted with
 * it before is still read.
 *
 * @throws StartError where the file holds no key
 */
export async function readSecretKeys(config: Config): Promise<readonly SecretKey[]> {
  const set = config.secretKeys ?? [];
  const kept = config.databaseUrl === null ? await readKeyFile(keyFile(config.dataDir)) : [];
  return [...set, ...kept.filter(({ id }) => set.every((one) => one.id !== id))];
}

/** The same for a node that starts: with the embedded database it makes the file where there is no key at all. */
export async function openSecretKeys(config: Config, database: Database, log: Logger): Promise<readonly SecretKey[]> {
  const before = await readSecretKeys(config);
  const isOurs = config.databaseUrl === null && before.length === 0;
  if (isOurs) await makeKeyFile(keyFile(config.dataDir));
  const keys = isOurs ? await readSecretKeys(config) : before;
  const missing = (await listSecretKeys(database.sql)).filter((used) => keys.every(({ id }) => id !== used.keyId));
  if (missing.length > 0) {
    log.warn(
      { missing },
      "secrets are encrypted under keys that this node does not have: jobs that use them fail. Add those keys to PUNCTUAL_SECRET_KEY",
    );
  }
  return keys;
}

async function readKeyFile(file: string): Promise<SecretKey[]> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new StartError(`The key of the secrets, ${file}, cannot be read: ${String(error)}.`, error);
  });
  if (text === undefined) return [];
  try {
    return parseSecretKeys(text.trim());
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(
      `${file} holds no key of secrets (${reason}). Put it back as it was, or remove it to have another one made: secrets that were encrypted with it are then lost.`,
      cause,
    );
  }
}

/** Whole or not at all, and never over one that is there. */
async function makeKeyFile(file: string): Promise<void> {
  const pending = `${file}.pending-${process.pid}`;
  try {
    await writeFile(pending, `${newSecretKey()}\n`, { mode: 0o600, flush: true });
    await link(pending, file);
  } catch (cause) {
    throw new StartError(`The key of the secrets cannot be written to ${file}: ${String(cause)}.`, cause);
  } finally {
    await rm(pending, { force: true });
  }
}

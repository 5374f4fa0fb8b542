/**
 * The first customer of a new database and the file that holds its key.
 *
 * States of the file: absent → pending (written, its key not yet committed) → in place. Invariants: it is there, whole and
 * readable by its owner alone, before anybody could need the key; a process killed between the two steps leaves a pending
 * file that the next start puts in place, or removes where its key was never committed; each process has its own pending
 * file, so that nodes that start at once in one folder do not take each other's.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Config } from "../config/settings.ts";
import type { Context } from "../domain/context.ts";
import { createCustomer } from "../domain/create-customer.ts";
import { isSecretOf, newApiKey, parseApiKey } from "../model/api-key.ts";
import { ApiError } from "../model/errors.ts";
import { findApiKey } from "../store/api-keys/find-api-key.ts";
import { hasCustomers } from "../store/customers/has-customers.ts";

const customerCode = "demo";
const adminEmail = "admin@example.com";

/** Where the credentials of a data directory lie. */
export function credentialsFile(dataDir: string): string {
  return join(dataDir, "credentials.json");
}

/** On an empty database makes the customer `demo`, its admin and its key, and writes the credentials. */
export async function createFirstCustomer(config: Config, context: Context): Promise<"created" | "present"> {
  const file = credentialsFile(config.dataDir);
  const pending = `${file}.pending-${context.node.nodeId}`;
  if (await hasCustomers(context.database.sql)) {
    await settlePending(file, context);
    return "present";
  }
  const apiKey = newApiKey();
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const text = `${JSON.stringify({ baseUrl: config.publicUrl, customerCode, apiKey: apiKey.key }, null, 2)}\n`;
  await writeFile(pending, text, { mode: 0o600, flush: true });
  try {
    await createCustomer(context.database, context.clock, customerCode, adminEmail, apiKey);
  } catch (error) {
    await rm(pending, { force: true });
    // Another node of a new database was faster: the key is in its data directory.
    if (error instanceof ApiError && error.code === "CONFLICT") return "present";
    throw error;
  }
  // A node that started in this folder meanwhile may have settled it already.
  await rename(pending, file).catch(async (error: unknown) => {
    ignoreMissing(error);
    await writeFile(file, text, { mode: 0o600, flush: true });
  });
  await settlePending(file, context);
  return "created";
}

/** Puts in place what a killed start has left behind, if its key was committed, and removes it otherwise. */
async function settlePending(file: string, context: Context): Promise<void> {
  const folder = dirname(file);
  const names = await readdir(folder).catch((error: unknown) => {
    ignoreMissing(error);
    return [];
  });
  for (const name of names.filter((one) => one.startsWith(`${basename(file)}.pending`))) {
    const path = join(folder, name);
    const text = await readFile(path, "utf8").catch(ignoreMissing);
    if (text === undefined) continue;
    if (await isCommitted(text, context)) await rename(path, file).catch(ignoreMissing);
    else await rm(path, { force: true });
  }
}

async function isCommitted(text: string, context: Context): Promise<boolean> {
  const [key] = /pnc_[0-9A-Za-z_-]+/.exec(text) ?? [];
  const parsed = key === undefined ? undefined : parseApiKey(key);
  if (!parsed) return false;
  const stored = await findApiKey(context.database.sql, parsed.apiKeyId);
  return stored !== undefined && isSecretOf(parsed.secret, stored.secretHash);
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
  throw error;
}

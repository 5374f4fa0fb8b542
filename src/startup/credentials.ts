/**
 * The first customer of a new database and the file that holds its key.
 *
 * States of the file: absent → pending (written, its key not yet committed) → in place. Invariants: it is there, whole and
 * readable by its owner alone, before anybody could need the key; a process killed between the two steps leaves a pending
 * file that the next start puts in place, or removes where its key was never committed; a change of the node's address
 * goes the same way; each process has its own pending
 * file, so that nodes that start at once in one folder do not take each other's.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Config } from "../config/settings.ts";
import type { Context } from "../domain/context.ts";
import { createCustomer } from "../domain/create-customer.ts";
import { ApiError } from "../model/api-errors.ts";
import { isSecretOf, newApiKey, parseApiKey } from "../model/api-key.ts";
import { StartError } from "../model/start-error.ts";
import { findApiKey } from "../store/api-keys/find-api-key.ts";
import { hasCustomers } from "../store/customers/has-customers.ts";
import { addressAt } from "./origin.ts";

const customerCode = "demo";
const adminEmail = "admin@example.com";

/** How a person signs in: the customer, and the file that holds its key. */
export interface SignIn {
  readonly customerCode: string;
  readonly file: string;
}

/** Where the credentials of a data directory lie. */
function credentialsFile(dataDir: string): string {
  return join(dataDir, "credentials.json");
}

/**
 * On an empty database makes the customer `demo`, its admin and its key, and writes the credentials.
 *
 * @returns the id of the key that was made; null where there were customers
 */
export async function createFirstCustomer(config: Config, context: Context): Promise<string | null> {
  const file = credentialsFile(config.dataDir);
  const pending = pendingFile(file, context);
  if (await hasCustomers(context.database.sql)) {
    await settlePending(file, context);
    return null;
  }
  const apiKey = newApiKey();
  const text = `${JSON.stringify({ baseUrl: addressAt(config, config.port), customerCode, apiKey: apiKey.key }, null, 2)}\n`;
  try {
    await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
    await writeFile(pending, text, { mode: 0o600, flush: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(
      `The credentials of the first customer cannot be written (${reason}): name a folder that the node's user may write with --data-dir (PUNCTUAL_DATA_DIR).`,
      cause,
    );
  }
  try {
    await createCustomer(context.database, context.clock, customerCode, adminEmail, apiKey);
  } catch (error) {
    await rm(pending, { force: true });
    // Another node of a new database was faster: the key is in its data directory.
    if (error instanceof ApiError && error.code === "CONFLICT") return null;
    throw error;
  }
  // A node that started in this folder meanwhile may have settled it already.
  await rename(pending, file).catch(async (error: unknown) => {
    ignoreMissing(error);
    await writeFile(file, text, { mode: 0o600, flush: true });
  });
  await settlePending(file, context);
  return apiKey.apiKeyId;
}

/**
 * Has the credentials, where they are, name the address at which the node is reached now; their other fields stay.
 *
 * @returns what they say of signing in; null where there are none
 */
export async function refreshCredentials(config: Config, context: Context, address: string): Promise<SignIn | null> {
  const file = credentialsFile(config.dataDir);
  const text = await readFile(file, "utf8").catch(ignoreMissing);
  if (text === undefined) return null;
  const credentials = readObject(text);
  if (typeof credentials.apiKey === "string" && credentials.baseUrl !== address) {
    // A pending file, because the next start sees to one that is left behind.
    const pending = pendingFile(file, context);
    const refreshed = `${JSON.stringify({ ...credentials, baseUrl: address }, null, 2)}\n`;
    try {
      await writeFile(pending, refreshed, { mode: 0o600, flush: true });
      await rename(pending, file).catch(ignoreMissing);
    } catch (error) {
      context.log.warn({ err: error }, `${file} does not name this node's address, ${address}, and cannot be changed`);
    }
  }
  return { customerCode: String(credentials.customerCode ?? customerCode), file };
}

/** A file that somebody has written over by hand is taken for an empty one. */
function readObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function pendingFile(file: string, context: Context): string {
  return `${file}.pending-${context.node.nodeId}`;
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

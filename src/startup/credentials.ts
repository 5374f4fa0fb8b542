/**
 * The first customer of a new database and the file that holds its key.
 *
 * States of the file: absent → pending (written, its key not yet committed) → in place. Invariants: it is there, whole and
 * readable by its owner alone, before anybody could need the key; a process killed between the two steps leaves a pending
 * file that the next start puts in place, or replaces where its key was never committed.
 */
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config/settings.ts";
import type { Context } from "../domain/context.ts";
import { createCustomer } from "../domain/create-customer.ts";
import { newApiKey } from "../model/api-key.ts";
import { ApiError } from "../model/errors.ts";
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
  const pending = `${file}.pending`;
  if (await hasCustomers(context.database.sql)) {
    await rename(pending, file).catch(ignoreMissing);
    return "present";
  }
  const apiKey = newApiKey();
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  await rm(pending, { force: true });
  const text = JSON.stringify({ baseUrl: config.publicUrl, customerCode, apiKey: apiKey.key }, null, 2);
  await writeFile(pending, `${text}\n`, { mode: 0o600, flush: true });
  try {
    await createCustomer(context.database, context.clock, customerCode, adminEmail, apiKey);
  } catch (error) {
    await rm(pending, { force: true });
    // Another node of a new database was faster: the key is in its data directory.
    if (error instanceof ApiError && error.code === "CONFLICT") return "present";
    throw error;
  }
  await rename(pending, file);
  return "created";
}

function ignoreMissing(error: unknown): void {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
  throw error;
}

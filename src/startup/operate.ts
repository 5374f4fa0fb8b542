/** What operators do at the command line, beside a running node or without one. */
import type { Config } from "../config/settings.ts";
import { createCustomer } from "../domain/create-customer.ts";
import { type CustomerLimits, limitCustomer } from "../domain/limit-customer.ts";
import { type Rotation, rotateSecrets } from "../domain/rotate-secrets.ts";
import { newApiKey } from "../model/api-key.ts";
import { createClock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/logger.ts";
import { joinStorage } from "./open-storage.ts";
import { readSecretKeys } from "./secret-keys.ts";

/** Brings the database's schema up to date. */
export async function migrateStorage(config: Config, log: Logger): Promise<void> {
  const storage = await joinStorage(config, log);
  await storage.close();
}

/** Makes a customer with its first admin. @returns the admin's key @throws ApiError CONFLICT where the code is taken */
export async function addCustomer(
  config: Config,
  log: Logger,
  customerCode: string,
  adminEmail: string,
): Promise<string> {
  const storage = await joinStorage(config, log);
  try {
    const apiKey = newApiKey();
    await createCustomer(storage.database, createClock(), customerCode, adminEmail, apiKey);
    return apiKey.key;
  } finally {
    await storage.close();
  }
}

/** Sets limits of a customer. @throws ApiError NOT_FOUND */
export async function setCustomerLimits(
  config: Config,
  log: Logger,
  customerCode: string,
  limits: CustomerLimits,
): Promise<void> {
  const storage = await joinStorage(config, log);
  try {
    await limitCustomer(storage.database, createClock(), customerCode, limits);
  } finally {
    await storage.close();
  }
}

/** Encrypts all secrets under the newest key. @throws ApiError UNAVAILABLE where there is none */
export async function rotateStoredSecrets(config: Config, log: Logger): Promise<Rotation> {
  const storage = await joinStorage(config, log);
  try {
    return await rotateSecrets(storage.database, createClock(), await readSecretKeys(config));
  } finally {
    await storage.close();
  }
}

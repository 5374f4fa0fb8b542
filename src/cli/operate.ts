import { Command } from "commander";
import { codePattern } from "../model/job-definition.ts";
import { createLogger } from "../runtime/logger.ts";
import { addSettings, configOf } from "./settings-options.ts";
import { UsageError } from "./usage-error.ts";

const where = ["dataDir", "databaseUrl"];

/** `punctual migrate`: brings the schema up to date and ends. */
export function migrateCommand(): Command {
  const command = new Command("migrate").description("bring the database's schema up to date");
  return addSettings(command, where).action(async () => {
    const { migrateStorage } = await loadOperations();
    await migrateStorage(configOf(command), createLogger("info", process.stdout.isTTY));
  });
}

/** `punctual customers create CODE --admin-email ADDRESS`: makes a customer, its first user and key. */
export function customersCommand(): Command {
  const command = new Command("create")
    .description("make a customer, its first user and that user's key, which is printed this once")
    .argument("<code>", "the customer's code")
    .requiredOption("--admin-email <address>", "email of the first user, an admin");
  addSettings(command, where).action(async (code: string, options: { adminEmail: string }) => {
    if (!new RegExp(codePattern).test(code)) {
      throw new UsageError("A customer code is 1–128 letters, digits, dots, dashes and underscores.");
    }
    if (!/^[^\s@]+@[^\s@]+$/.test(options.adminEmail)) throw new UsageError("--admin-email must be an email address.");
    const { addCustomer } = await loadOperations();
    const apiKey = await addCustomer(configOf(command), createLogger("warn", false), code, options.adminEmail);
    console.log(JSON.stringify({ customerCode: code, apiKey }, null, 2));
  });
  return new Command("customers").description("manage customers").addCommand(command);
}

/** Loaded when it is needed, so that the commands that need no database do not load one. */
function loadOperations(): Promise<typeof import("../startup/operate.ts")> {
  return import("../startup/operate.ts");
}

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

/** `punctual customers create | limit`: what an operator does to customers. */
export function customersCommand(): Command {
  return new Command("customers")
    .description("manage customers")
    .addCommand(createCommand())
    .addCommand(limitCommand());
}

function createCommand(): Command {
  const command = new Command("create")
    .description("make a customer, its first user and that user's key, which is printed this once")
    .argument("<code>", "the customer's code")
    .requiredOption("--admin-email <address>", "email of the first user, an admin");
  return addSettings(command, where).action(async (code: string, options: { adminEmail: string }) => {
    if (!new RegExp(codePattern).test(code)) {
      throw new UsageError("A customer code is 1–128 letters, digits, dots, dashes and underscores.");
    }
    if (!/^[^\s@]+@[^\s@]+$/.test(options.adminEmail)) throw new UsageError("--admin-email must be an email address.");
    const { addCustomer } = await loadOperations();
    const apiKey = await addCustomer(configOf(command), createLogger("warn", false), code, options.adminEmail);
    console.log(JSON.stringify({ customerCode: code, apiKey }, null, 2));
  });
}

function limitCommand(): Command {
  const command = new Command("limit")
    .description("set or take away limits of a customer; what is not named stays as it is")
    .argument("<code>", "the customer's code")
    .option("--max-concurrent <number>", "jobs that run at once; `none` for no limit")
    .option("--job-type <type>", "with --max-concurrent: jobs of this type")
    .option("--max-queued <number>", "unfinished jobs; `none` for the default");
  return addSettings(command, where).action(
    async (code: string, options: { maxConcurrent?: string; jobType?: string; maxQueued?: string }) => {
      const { maxConcurrent, jobType, maxQueued } = options;
      if (maxConcurrent === undefined && maxQueued === undefined) {
        throw new UsageError("Name a limit: --max-concurrent or --max-queued.");
      }
      const { setCustomerLimits } = await loadOperations();
      await setCustomerLimits(configOf(command), createLogger("warn", false), code, {
        ...(maxConcurrent !== undefined && { maxConcurrent: readLimit("--max-concurrent", maxConcurrent) }),
        ...(jobType !== undefined && { jobType }),
        ...(maxQueued !== undefined && { maxQueued: readLimit("--max-queued", maxQueued) }),
      });
    },
  );
}

function readLimit(flag: string, text: string): number | null {
  if (text === "none") return null;
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= 1) return value;
  throw new UsageError(`${flag} must be a whole number from 1, or none.`);
}

/** Loaded when it is needed, so that the commands that need no database do not load one. */
function loadOperations(): Promise<typeof import("../startup/operate.ts")> {
  return import("../startup/operate.ts");
}

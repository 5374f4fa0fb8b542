#!/usr/bin/env node
/** The command line. */
import { Command } from "commander";
import { cronCommand } from "./cron.ts";
import { executeCommand, jobCommand } from "./jobs.ts";
import { customersCommand, migrateCommand } from "./operate.ts";
import { serveCommand } from "./serve.ts";

/** Errors whose message is for the user to act upon; any other shows its stack. */
const expected = new Set(["ConfigError", "EmbeddedPostgresError", "ApiError", "ProblemError", "UsageError"]);

const program = new Command("punctual")
  .description("A jobs-and-scheduling server.")
  .showHelpAfterError()
  .addCommand(serveCommand())
  .addCommand(migrateCommand())
  .addCommand(customersCommand())
  .addCommand(executeCommand())
  .addCommand(jobCommand())
  .addCommand(cronCommand());

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error && expected.has(error.name) ? error.message : error);
  process.exitCode = 1;
}

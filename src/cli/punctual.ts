#!/usr/bin/env node
/** The command line. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { cronCommand } from "./cron.ts";
import { executeCommand, jobCommand } from "./jobs.ts";
import { mailCommand } from "./mail.ts";
import { customersCommand, migrateCommand } from "./operate.ts";
import { backfillCommand, occurrencesCommand, pauseCommand, resumeCommand } from "./schedules.ts";
import { secretsCommand } from "./secrets.ts";
import { serveCommand } from "./serve.ts";

/** Of `package.json`, which lies at the same distance from the source and from the built code. */
function readVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return /^ {2}"version": "([^"]+)"/m.exec(text)?.[1] ?? "unknown";
}

/** Errors whose message is for the user to act upon; any other shows its stack. */
const expected = new Set([
  "ConfigError",
  "EmbeddedPostgresError",
  "ApiError",
  "ProblemError",
  "StartError",
  "UnreachableError",
  "UsageError",
]);

const program = new Command("punctual")
  .description("A jobs-and-scheduling server.")
  .version(readVersion(), "--version", "print the version")
  .showHelpAfterError()
  .addCommand(serveCommand())
  .addCommand(migrateCommand())
  .addCommand(customersCommand())
  .addCommand(executeCommand())
  .addCommand(jobCommand())
  .addCommand(pauseCommand())
  .addCommand(resumeCommand())
  .addCommand(backfillCommand())
  .addCommand(occurrencesCommand())
  .addCommand(secretsCommand())
  .addCommand(mailCommand())
  .addCommand(cronCommand());

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error && expected.has(error.name) ? error.message : error);
  process.exitCode = 1;
}

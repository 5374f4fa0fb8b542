import type { Command } from "commander";
import { type Flags, readConfig } from "../config/read-config.ts";
import { type Config, type Setting, settings } from "../config/settings.ts";

/** Adds the flags of the named settings (all unless named) to a command. */
export function addSettings(command: Command, names = Object.keys(settings)): Command {
  for (const [name, setting] of Object.entries<Setting<unknown>>(settings)) {
    if (setting.flag === undefined || !names.includes(name)) continue;
    const fallback = setting.default ? `; ${setting.default} unless said` : "";
    command.option(
      `--${setting.flag} <${setting.placeholder}>`,
      `${setting.description} (${setting.environment}${fallback})`,
    );
  }
  return command;
}

/** Reads the settings from a command's flags and the environment. @throws ConfigError */
export function configOf(command: Command): Config {
  const flags: Record<string, string | undefined> = {};
  for (const { flag } of Object.values<Setting<unknown>>(settings)) {
    if (flag === undefined) continue;
    const camelCase = flag.replace(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase());
    const value: unknown = command.opts()[camelCase];
    if (typeof value === "string") flags[flag] = value;
  }
  return readConfig(process.env, flags satisfies Flags);
}

/** How commands that speak to a running node find it: by the credentials in its data directory, or in a file that is named. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import Type from "typebox";
import { Check } from "typebox/value";
import { type Client, createClient } from "../client/client.ts";
import { type Setting, settings } from "../config/settings.ts";
import { UsageError } from "./usage-error.ts";

const Credentials = Type.Object({ baseUrl: Type.String(), customerCode: Type.String(), apiKey: Type.String() });

/** Adds the options that say which node to speak to, and as whom. */
export function withCredentials(command: Command): Command {
  return command
    .option(
      "--credentials <file>",
      "file with baseUrl, customerCode and apiKey; <data dir>/credentials.json unless said",
    )
    .option("--base-url <url>", "address of the node; the credentials' baseUrl unless said")
    .option("--api-prefix <path>", "path before the API's addresses (PUNCTUAL_API_PREFIX; /vue/_api/v1 unless said)")
    .option("--data-dir <folder>", "the node's data directory (PUNCTUAL_DATA_DIR; ./.punctual unless said)");
}

/** Makes the client that a command's options ask for. @throws UsageError */
export async function openClient(command: Command): Promise<Client> {
  const {
    credentials,
    baseUrl,
    apiPrefix = process.env.PUNCTUAL_API_PREFIX || undefined,
    dataDir = process.env.PUNCTUAL_DATA_DIR || "./.punctual",
  } = command.opts<{ credentials?: string; baseUrl?: string; apiPrefix?: string; dataDir?: string }>();
  const file = credentials ?? join(dataDir, "credentials.json");
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new UsageError(`${file} cannot be read (${String(cause)}); name it with --credentials.`);
  });
  const value = readJson(text, file);
  if (!Check(Credentials, value)) throw new UsageError(`${file} must hold baseUrl, customerCode and apiKey.`);
  return createClient({
    ...value,
    ...(baseUrl !== undefined && { baseUrl: readSetting("--base-url", baseUrl, settings.publicUrl) }),
    ...(apiPrefix !== undefined && { prefix: readSetting("--api-prefix", apiPrefix, settings.apiPrefix) }),
  });
}

function readSetting(flag: string, text: string, setting: Setting<string>): string {
  try {
    return setting.read(text);
  } catch (cause) {
    throw new UsageError(
      `${flag} ${cause instanceof Error ? cause.message : String(cause)}, not ${JSON.stringify(text)}.`,
    );
  }
}

/** Reads JSON. @param where as the error names it @throws UsageError */
export function readJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${where} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

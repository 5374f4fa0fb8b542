import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import Type from "typebox";
import { Check } from "typebox/value";
import { type Client, createClient } from "../client/client.ts";
import { type Setting, settings } from "../config/settings.ts";
import { UsageError } from "./usage-error.ts";

const Credentials = Type.Object({ baseUrl: Type.String(), customerCode: Type.String(), apiKey: Type.String() });

/** `punctual execute CODE`: makes a job from a definition and prints its id. */
export function executeCommand(): Command {
  const command = new Command("execute")
    .description("make a job from a job definition and print its id")
    .argument("<jobDefinitionCode>")
    .option("--params <json>", "params that lie over the definition's");
  return withCredentials(command).action(async (code: string, options: { params?: string }) => {
    const client = await openClient(command);
    const params = options.params === undefined ? undefined : readParams(options.params);
    const { jobId } = await client.jobDefinitions.execute(code, params ? { params } : {});
    console.log(jobId);
  });
}

/** `punctual job ID`: prints a job. */
export function jobCommand(): Command {
  const command = new Command("job").description("print a job").argument("<jobId>");
  return withCredentials(command).action(async (jobId: string) => {
    const client = await openClient(command);
    console.log(JSON.stringify(await client.jobs.get(jobId), null, 2));
  });
}

function withCredentials(command: Command): Command {
  return command
    .option(
      "--credentials <file>",
      "file with baseUrl, customerCode and apiKey; <data dir>/credentials.json unless said",
    )
    .option("--base-url <url>", "address of the node; the credentials' baseUrl unless said")
    .option("--api-prefix <path>", "path before the API's addresses (PUNCTUAL_API_PREFIX; /vue/_api/v1 unless said)")
    .option("--data-dir <folder>", "the node's data directory (PUNCTUAL_DATA_DIR; ./.punctual unless said)");
}

async function openClient(command: Command): Promise<Client> {
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

function readParams(text: string): Record<string, unknown> {
  const value = readJson(text, "--params");
  if (Check(Type.Record(Type.String(), Type.Unknown()), value)) return value;
  throw new UsageError("--params must be a JSON object.");
}

function readJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${where} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

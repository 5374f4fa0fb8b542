import { Command } from "commander";
import Type from "typebox";
import { Check } from "typebox/value";
import { openClient, readJson, withCredentials } from "./open-client.ts";
import { UsageError } from "./usage-error.ts";

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

function readParams(text: string): Record<string, unknown> {
  const value = readJson(text, "--params");
  if (Check(Type.Record(Type.String(), Type.Unknown()), value)) return value;
  throw new UsageError("--params must be a JSON object.");
}

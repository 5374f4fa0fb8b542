import { text } from "node:stream/consumers";
import { Command } from "commander";
import { createLogger } from "../runtime/logger.ts";
import { openClient, withCredentials } from "./open-client.ts";
import { addSettings, configOf } from "./settings-options.ts";
import { UsageError } from "./usage-error.ts";

/** `punctual secrets set | list | delete | rotate`. */
export function secretsCommand(): Command {
  return new Command("secrets")
    .description("manage secrets, which params refer to as {{secrets.CODE}}")
    .addCommand(setCommand())
    .addCommand(listCommand())
    .addCommand(deleteCommand())
    .addCommand(rotateCommand());
}

function setCommand(): Command {
  const command = new Command("set")
    .description("create a secret or replace its value, which is read from standard input; a last line end is left out")
    .argument("<code>", "the secret's code")
    .option("--hosts <list>", "the only hosts that it may be sent to, separated by commas; `any` for every host");
  return withCredentials(command).action(async (code: string, options: { hosts?: string }) => {
    // In the arguments it would show in the list of processes, and typed it would show on the screen.
    if (process.stdin.isTTY) throw new UsageError(`Pipe the value in: punctual secrets set ${code} < FILE`);
    const value = (await text(process.stdin)).replace(/\r?\n$/, "");
    if (value === "") throw new UsageError("Standard input holds no value.");
    const client = await openClient(command);
    const { secret } = await client.secrets.put(code, { value, ...hostsOf(options.hosts) });
    console.log(JSON.stringify(secret, null, 2));
  });
}

function hostsOf(list: string | undefined): { hosts?: string[] | null } {
  if (list === undefined) return {};
  return { hosts: list === "any" ? null : list.split(",").map((host) => host.trim()) };
}

function listCommand(): Command {
  const command = new Command("list").description("list secrets, one JSON object a line, without their values");
  return withCredentials(command).action(async () => {
    const client = await openClient(command);
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof client.secrets.list>> = await client.secrets.list({
        limit: 200,
        ...(cursor !== null && { cursor }),
      });
      for (const secret of page.secrets) console.log(JSON.stringify(secret));
      cursor = page.nextCursor;
    } while (cursor !== null);
  });
}

function deleteCommand(): Command {
  const command = new Command("delete")
    .description("delete a secret; jobs that refer to it fail")
    .argument("<code>", "the secret's code");
  return withCredentials(command).action(async (code: string) => {
    const client = await openClient(command);
    await client.secrets.delete(code);
  });
}

function rotateCommand(): Command {
  const command = new Command("rotate").description(
    "encrypt the secrets of all customers under the first key of PUNCTUAL_SECRET_KEY; every node must know that key before",
  );
  return addSettings(command, ["dataDir", "databaseUrl"]).action(async () => {
    const { rotateStoredSecrets } = await import("../startup/operate.ts");
    const rotation = await rotateStoredSecrets(configOf(command), createLogger("warn", false));
    console.log(JSON.stringify(rotation, null, 2));
    if (rotation.unreadable.length > 0) process.exitCode = 1;
  });
}

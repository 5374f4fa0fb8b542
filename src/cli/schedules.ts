import { Command } from "commander";
import type { Client } from "../client/client.ts";
import { openClient, withCredentials } from "./open-client.ts";

/** `punctual pause CODE`: stops a schedule. */
export function pauseCommand(): Command {
  const command = new Command("pause")
    .description("pause the schedule of a job definition")
    .argument("<jobDefinitionCode>")
    .option("--reason <text>", "why, for whoever asks later");
  return withCredentials(command).action(async (code: string, { reason }: { reason?: string }) => {
    const client = await openClient(command);
    const { jobDefinition } = await client.jobDefinitions.pause(code, reason === undefined ? {} : { reason });
    const { pausedBy, pausedReason } = jobDefinition;
    console.log(`paused by ${pausedBy}${pausedReason === null ? "" : `: ${pausedReason}`}`);
  });
}

/** `punctual resume CODE`: lets a schedule fire again. */
export function resumeCommand(): Command {
  const command = new Command("resume")
    .description("resume the schedule of a job definition, and print when it fires next")
    .argument("<jobDefinitionCode>");
  return withCredentials(command).action(async (code: string) => {
    const client = await openClient(command);
    const { jobDefinition } = await client.jobDefinitions.resume(code);
    console.log(jobDefinition.nextFireAt ?? "nothing is scheduled");
  });
}

/** `punctual backfill CODE`: makes the jobs of a past range and prints their ids. */
export function backfillCommand(): Command {
  const command = new Command("backfill")
    .description("make the jobs of a past range of a schedule and print their ids; a repeat makes none twice")
    .argument("<jobDefinitionCode>")
    .requiredOption("--from <time>", "begin of the range (RFC 3339), included")
    .requiredOption("--to <time>", "end of the range (RFC 3339), excluded");
  return withCredentials(command).action(async (code: string, { from, to }: { from: string; to: string }) => {
    const client = await openClient(command);
    const { jobIds } = await client.jobDefinitions.backfill(code, { from, to });
    for (const jobId of jobIds) console.log(jobId);
  });
}

type OccurrenceQuery = NonNullable<Parameters<Client["occurrences"]["list"]>[0]>;
type Outcome = OccurrenceQuery["outcome"];

/** `punctual occurrences [CODE]`: prints what came of occurrences, and those to come. */
export function occurrencesCommand(): Command {
  const command = new Command("occurrences")
    .description("print what came of the occurrences of a schedule, or of all, and those to come")
    .argument("[jobDefinitionCode]")
    .option("--after <time>", "where to begin (RFC 3339); a week ago unless said")
    .option("--before <time>", "where to end (RFC 3339); in a week unless said")
    .option("--outcome <outcome>", "fired, late, skipped, missed or expected");
  return withCredentials(command).action(async (code: string | undefined) => {
    const client = await openClient(command);
    const { after, before, outcome } = command.opts<{ after?: string; before?: string; outcome?: Outcome }>();
    const query: OccurrenceQuery = {
      limit: 200,
      ...(after !== undefined && { after }),
      ...(before !== undefined && { before }),
      ...(outcome !== undefined && { outcome }),
    };
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof read>> = await read({ ...query, ...(cursor !== null && { cursor }) });
      for (const one of page.occurrences) console.log(lineOf(one));
      cursor = page.nextCursor;
    } while (cursor !== null);

    function read(wanted: OccurrenceQuery) {
      return code === undefined ? client.occurrences.list(wanted) : client.jobDefinitions.occurrences(code, wanted);
    }
  });
}

type Occurrence = Awaited<ReturnType<Client["jobDefinitions"]["occurrences"]>>["occurrences"][number];

/** Columns that `cut` and `awk` can take apart. */
function lineOf(one: Occurrence & { readonly jobDefinitionCode?: string }): string {
  const when = "from" in one ? `${one.from}..${one.to} (${one.count})` : one.scheduledFor;
  const jobs =
    "from" in one ? [] : [one.jobId ?? "", one.backfillJobId === null ? "" : `backfilled ${one.backfillJobId}`];
  return [one.jobDefinitionCode, when, one.outcome, one.reason ?? "", ...jobs]
    .filter((part) => part !== undefined)
    .join("\t")
    .trimEnd();
}

/** The mails that tell how a job has ended. */
import type { FailureNews, JobNews, MailReason } from "../model/delivery.ts";
import { formatBytes, formatDuration, timeLines } from "./format.ts";
import { type MailContent, oneLine } from "./message.ts";

/**
 * What the mail of a job's end says.
 *
 * @param jobUrl where the job is looked at
 * @param now milliseconds since the epoch: a next occurrence that has passed meanwhile is left out
 */
export function jobMail(job: JobNews, reason: MailReason, jobUrl: string, now: number): MailContent {
  const name = oneLine(job.name, 120);
  const failure = job.error;
  return {
    subject: oneLine(failure ? `Failed: ${name}` : `Completed: ${name}`),
    tone: failure ? "bad" : "good",
    label: failure ? "Failed" : "Completed",
    heading: name,
    paragraphs: failure ? failureParagraphs(failure) : [successSentence(job)],
    facts: factsOf(job, now),
    excerpts: failure ? failureExcerpts(failure) : resultExcerpts(job),
    action: { label: "Look at the job", url: jobUrl },
    footer: footerOf(job, reason),
  };
}

function successSentence({ durationMs }: JobNews): string {
  return durationMs === null ? "The job has completed." : `The job completed after ${formatDuration(durationMs)}.`;
}

function failureParagraphs({ message, remedy }: FailureNews): string[] {
  // Backticks mark code in the documents; a mail has none.
  return remedy === null ? [sentence(message)] : [sentence(message), `What to do: ${remedy.replaceAll("`", "")}`];
}

function sentence(text: string): string {
  const line = oneLine(text, 600);
  return /[.!?…]$/.test(line) ? line : `${line}.`;
}

function factsOf(job: JobNews, now: number): MailContent["facts"] {
  const facts: { label: string; lines: string[] }[] = [];
  const add = (label: string, lines: readonly string[]) =>
    facts.push({ label, lines: lines.map((line) => oneLine(line, 300)) });
  const { timeZone } = job;
  add("Job type", [job.jobType]);
  if (job.jobDefinitionCode !== null) add("Definition", [job.jobDefinitionCode]);
  add("Made by", [madeBy(job)]);
  if (job.trigger.scheduledFor !== null) add("Due", timeLines(job.trigger.scheduledFor, timeZone));
  if (job.startedAt !== null) add("Started", timeLines(job.startedAt, timeZone));
  add("Ended", timeLines(job.finishedAt, timeZone));
  if (job.durationMs !== null) add("Took", [formatDuration(job.durationMs)]);
  if (job.maxAttempts > 1 && job.attempt > 0) add("Attempts", [`${job.attempt} of ${job.maxAttempts}`]);
  if (job.error) add("Error code", [job.error.code]);
  if (job.nextFireAt !== null && Date.parse(job.nextFireAt) > now) add("Next", timeLines(job.nextFireAt, timeZone));
  add("Job", [job.jobId]);
  return facts;
}

function madeBy({ trigger: { kind, by } }: JobNews): string {
  const what = made[kind] ?? kind;
  return by === null ? what : `${what}, ${by}`;
}

const made: Readonly<Record<string, string>> = {
  api: "a call",
  schedule: "its schedule",
  catchUp: "its schedule, behind time",
  backfill: "a backfill",
  rerun: "a rerun",
  sequence: "another job",
};

function failureExcerpts({ request, response }: FailureNews): MailContent["excerpts"] {
  return [
    ...(request === null ? [] : [{ label: "The request that failed", text: request }]),
    ...(response === null ? [] : [{ label: "What came back", text: response }]),
  ];
}

function resultExcerpts({ result, resultBytes }: JobNews): MailContent["excerpts"] {
  if (result === null) {
    return resultBytes === null ? [{ label: "Result", text: "It is large; the job's page has all of it." }] : [];
  }
  const whole = Buffer.byteLength(result) >= (resultBytes ?? 0);
  const label = whole ? "Result" : `Result (the first part of ${formatBytes(resultBytes ?? 0)})`;
  return [{ label, text: whole ? pretty(result) : `${result}…` }];
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}

function footerOf({ jobDefinitionCode, status, trigger: { kind } }: JobNews, reason: MailReason): string {
  const option = status === "COMPLETED" ? "sendCompletionEmail" : "sendFailureEmail";
  const triggered = kind === "schedule" || kind === "catchUp" ? "you last saved its schedule" : "you made the job";
  const why = `because ${reason === "listed" ? "you are on its emailList" : triggered}`;
  const where = jobDefinitionCode === null ? "of the job" : `of the job definition ${jobDefinitionCode}`;
  return oneLine(`Punctual sends this ${why}; the options ${option} and emailList ${where} say who gets it.`, 400);
}

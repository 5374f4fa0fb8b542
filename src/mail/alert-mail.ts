/** The mails of alerts, and the one that tries the mail server. */
import type { AlertNews, MailReason } from "../model/delivery.ts";
import { timeLines } from "./format.ts";
import { type MailContent, oneLine } from "./message.ts";

const labels: Readonly<Record<AlertNews["kind"], string>> = {
  failures: "Failing",
  recovered: "Recovered",
  missed: "Missed",
  skipped: "Skipped",
  late: "Late",
  longRun: "Runs long",
  noSuccess: "No success",
};

/** What the mail of an alert says. @param url where its job, or the page, is looked at */
export function alertMail(alert: AlertNews, reason: MailReason, url: string): MailContent {
  const name = oneLine(alert.name, 120);
  const label = labels[alert.kind];
  const { heldBack } = alert;
  return {
    subject: oneLine(`${label}: ${name}`),
    tone:
      alert.kind === "recovered" ? "good" : alert.kind === "failures" || alert.kind === "noSuccess" ? "bad" : "notice",
    label,
    heading: name,
    paragraphs: [
      oneLine(alert.message, 600),
      ...(heldBack > 0
        ? [`${heldBack} more of this kind ${heldBack === 1 ? "was" : "were"} held back since the last mail.`]
        : []),
    ],
    facts: [
      { label: "Definition", lines: [alert.jobDefinitionCode] },
      { label: "Noticed", lines: timeLines(alert.at, alert.timeZone) },
      ...(alert.jobId === null ? [] : [{ label: "Job", lines: [alert.jobId] }]),
    ],
    excerpts: [],
    action: { label: alert.jobId === null ? "Open Punctual" : "Look at the job", url },
    footer: oneLine(
      `Punctual sends this because ${reason === "listed" ? "you are on the emailList" : "you last saved the job definition"}; options.alerts of ${alert.jobDefinitionCode} say what is watched.`,
      400,
    ),
  };
}

/** What the mail of `punctual mail test` says. */
export function testMail(url: string, now: number): MailContent {
  return {
    subject: "Punctual can send mail",
    tone: "good",
    label: "Test",
    heading: "Punctual can send mail",
    paragraphs: ["The mail server took this message, and it has reached you."],
    facts: [{ label: "Sent", lines: timeLines(new Date(now).toISOString(), "UTC") }],
    excerpts: [],
    action: { label: "Open Punctual", url },
    footer: "Punctual sends this because an admin asked for a test mail to this address.",
  };
}

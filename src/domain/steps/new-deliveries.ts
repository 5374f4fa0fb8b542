/** What is sent when a job has ended, or when an alert is told: each destination once. */
import type { AlertNews, MailReason } from "../../model/delivery.ts";
import { distinctAddresses } from "../../model/email-address.ts";
import type { JobOptions } from "../../model/job-options.ts";
import { type Webhook, type WebhookEvent, webhookEvents } from "../../model/telling.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { EndedJob } from "../../store/outbox/find-ended-jobs.ts";
import type { NewDelivery } from "../../store/outbox/insert-deliveries.ts";
import { durationOf, newsOf } from "./job-news.ts";

/** Whom a delivery concerns, whatever it carries. */
type Subject = Pick<NewDelivery, "customerCode" | "jobDefinitionCode" | "jobDay" | "jobId">;

/** The mails and webhook calls of a job's end. */
export function deliveriesOfEnd(clock: Clock, job: EndedJob): NewDelivery[] {
  const { options } = job;
  const subject: Subject = {
    customerCode: job.customer_code,
    jobDefinitionCode: job.job_definition_code,
    jobDay: job.day,
    jobId: job.id,
  };
  const event = job.status === "COMPLETED" ? "completed" : "failed";
  const wantsMail = event === "completed" ? options.sendCompletionEmail : options.sendFailureEmail;
  const news = newsOf(job);
  const mails = wantsMail === true ? receivers(job.person, "triggered", options.emailList) : [];
  return [
    ...mails.map(({ address, reason }) => mail(clock, subject, event, address, { about: "job", job: news, reason })),
    ...webhookCalls(clock, subject, options.webhooks ?? [], event, () => ({
      type: `job.${event}`,
      timestamp: news.finishedAt,
      data: {
        customerCode: job.customer_code,
        jobId: news.jobId,
        jobType: news.jobType,
        jobDefinitionCode: news.jobDefinitionCode,
        definitionVersion: job.definition_version,
        status: news.status,
        trigger: news.trigger,
        attempt: news.attempt,
        maxAttempts: news.maxAttempts,
        createdAt: job.created_at.toISOString(),
        startedAt: news.startedAt,
        finishedAt: news.finishedAt,
        durationMs: durationOf(job),
        result: job.result ?? null,
        resultOmitted: job.result_apart || (job.result === null && (job.result_bytes ?? 0) > 4),
        error: job.error,
      },
    })),
  ];
}

/**
 * The mails and webhook calls of an alert.
 *
 * @param person who last saved the definition, as far as it is still one of the customer's people
 */
export function deliveriesOfAlert(
  clock: Clock,
  subject: Subject,
  alert: AlertNews,
  to: {
    ways: readonly string[];
    person: string | null;
    emailList: JobOptions["emailList"];
    webhooks: readonly Webhook[];
  },
): NewDelivery[] {
  const mails = to.ways.includes("mail") ? receivers(to.person, "saved", to.emailList) : [];
  const webhooks = to.ways.includes("webhook") ? to.webhooks : [];
  return [
    ...mails.map(({ address, reason }) => mail(clock, subject, "alert", address, { about: "alert", alert, reason })),
    ...webhookCalls(clock, subject, webhooks, "alert", () => ({
      type: `alert.${alert.kind}`,
      timestamp: alert.at,
      data: { customerCode: subject.customerCode, ...alert },
    })),
  ];
}

function receivers(
  person: string | null,
  reason: MailReason,
  emailList: readonly string[],
): { address: string; reason: MailReason }[] {
  const addresses = distinctAddresses([...(person === null ? [] : [person]), ...emailList]);
  return addresses.map((address) => ({ address, reason: address === person ? reason : "listed" }));
}

function mail(
  clock: Clock,
  subject: Subject,
  event: WebhookEvent,
  address: string,
  content: NewDelivery["content"],
): NewDelivery {
  const lane = `mail ${subject.customerCode}`;
  return { ...subject, deliveryId: clock.newId(), kind: "mail", lane, event, destination: address, content };
}

function webhookCalls(
  clock: Clock,
  subject: Subject,
  webhooks: readonly Webhook[],
  event: WebhookEvent,
  payload: () => object,
): NewDelivery[] {
  const told = webhooks.filter(({ events }) => (events ?? webhookEvents).includes(event));
  if (told.length === 0) return [];
  const body = JSON.stringify(payload());
  return told.map(({ url, secret = null }) => ({
    ...subject,
    deliveryId: clock.newId(),
    kind: "webhook",
    lane: `webhook ${subject.customerCode} ${new URL(url).origin}`,
    event,
    destination: url,
    content: { about: "webhook", body, secret },
  }));
}

import type { DeliveryContent } from "../model/delivery.ts";
import { alertMail } from "./alert-mail.ts";
import { jobMail } from "./job-mail.ts";
import type { MailContent, MailMessage } from "./message.ts";
import { renderHtml } from "./render-html.ts";
import { renderText } from "./render-text.ts";

/**
 * What the mail of a delivery says.
 *
 * @param publicUrl where the page is, without a slash at its end
 * @param now milliseconds since the epoch
 */
export function mailOf(
  content: Exclude<DeliveryContent, { about: "webhook" }>,
  publicUrl: string,
  now: number,
): MailContent {
  if (content.about === "job") return jobMail(content.job, content.reason, jobUrl(publicUrl, content.job.jobId), now);
  const { alert, reason } = content;
  return alertMail(alert, reason, alert.jobId === null ? `${publicUrl}/` : jobUrl(publicUrl, alert.jobId));
}

/** One mail to one address, as text and as HTML. @param id stable, so that a mail that comes twice can be known by it */
export function toMessage(id: string, to: string, content: MailContent): MailMessage {
  return { id, to, subject: content.subject, text: renderText(content), html: renderHtml(content) };
}

function jobUrl(publicUrl: string, jobId: string): string {
  return `${publicUrl}/jobs/${jobId}`;
}

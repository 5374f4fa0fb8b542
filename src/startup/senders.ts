/** How a node sends what is to be told, as its settings say. */
import { randomUUID } from "node:crypto";
import type { Config } from "../config/settings.ts";
import type { MailServer } from "../domain/context.ts";
import { testMail } from "../mail/alert-mail.ts";
import { mailOf, toMessage } from "../mail/compose.ts";
import type { MailSender } from "../mail/smtp.ts";
import type { SendDelivery } from "../scheduler/deliver-outbox.ts";

/** The mail server of the settings; null where they name none: what speaks to it is then not loaded. */
export async function openMail({ smtpUrl, mailFrom, publicUrl }: Config): Promise<MailSender | null> {
  if (smtpUrl === null) return null;
  const { createMailSender } = await import("../mail/smtp.ts");
  const host = publicUrl === null ? "localhost" : new URL(publicUrl).hostname;
  return createMailSender({ url: smtpUrl, from: mailFrom ?? `Punctual <punctual@${host}>` });
}

/** The mail server as the API sees it. @param address where the page is */
export function mailServer(sender: MailSender, address: () => string, now: () => number): MailServer {
  return {
    from: sender.from,
    sendTest: (to) =>
      sender.send(toMessage(randomUUID(), to, testMail(`${address()}/`, now())), new AbortController().signal),
  };
}

/** Sends deliveries that are mails. @param address where the page is */
export function mailDeliveries(sender: MailSender, address: () => string, now: () => number): SendDelivery {
  return async ({ deliveryId, destination, content }, signal) => {
    if (content.about === "webhook") throw new Error("a webhook call lies among the mails");
    return sender.send(toMessage(deliveryId, destination, mailOf(content, address(), now())), signal);
  };
}

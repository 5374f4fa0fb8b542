/**
 * The mail server, as SMTP_URL names it.
 *
 * Invariants: each message has a connection of its own, which is closed at its deadline whatever the server does; a message
 * has one receiver, so that what becomes of it is one answer; credentials are sent over TLS alone, unless the server is on this
 * very host or the URL says otherwise.
 */
import { createTransport } from "nodemailer";
import { parseConnectionUrl } from "nodemailer/lib/shared";
import type { DeliveryOutcome } from "../model/delivery.ts";
import type { MailMessage } from "./message.ts";

/** Longest that one message may take, from the connection to the server's last answer. */
const deadlineMs = 45_000;
const quietMs = 20_000;
/** Characters of a server's answer that are kept. */
const longestAnswer = 500;

/** Sends mails. */
export interface MailSender {
  /** The address that mails come from. */
  readonly from: string;
  /** Sends one; never throws. @param signal gives it up */
  send(message: MailMessage, signal: AbortSignal): Promise<DeliveryOutcome>;
}

/** What the sender needs to know. */
export interface MailSenderOptions {
  /** `smtp:` or `smtps:`, with the parameters that nodemailer reads. */
  readonly url: string;
  /** An address, or a name and an address in angle brackets. */
  readonly from: string;
}

/** Makes the sender; it opens no connection until there is something to send. */
export function createMailSender({ url, from }: MailSenderOptions): MailSender {
  const options = parseConnectionUrl(url);
  const transport = createTransport({
    ...options,
    requireTLS: options.requireTLS === undefined ? mustEncrypt(options) : options.requireTLS === true,
    connectionTimeout: quietMs,
    greetingTimeout: quietMs,
    socketTimeout: quietMs,
    dnsTimeout: quietMs,
    socketCloseTimeout: 0,
    // The messages are ours, and name no file and no URL to be read in.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const address = addressIn(from);
  const host = address.slice(address.lastIndexOf("@") + 1);

  return {
    from,
    async send(message, signal) {
      try {
        const info = await transport.sendMail({
          from,
          to: { name: "", address: message.to },
          envelope: { from: address, to: [message.to] },
          subject: message.subject,
          text: message.text,
          html: message.html,
          messageId: `<${message.id}@${host}>`,
          // RFC 3834: nobody's absence note answers it.
          headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
          signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]),
        });
        return { state: "delivered", answer: cut(String(info.response)) };
      } catch (error) {
        return { state: "failed", answer: cut(reasonOf(error)), final: isFinal(error) };
      }
    },
  };
}

function mustEncrypt({ secure, auth, host, ignoreTLS }: ReturnType<typeof parseConnectionUrl>): boolean {
  if (secure === true || ignoreTLS === true || !auth) return false;
  return !/^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/.test(host ?? "localhost");
}

/** The address in `Name <address>`, or the text itself. */
export function addressIn(from: string): string {
  return /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from;
}

/**
 * Whether the server refuses this receiver or this message for good. What it refuses of us (the sign-in, the sender, and by
 * policy, RFC 3463, section 3.8, whom we may write to) an operator can mend while the message waits.
 */
function isFinal(error: unknown): boolean {
  if (!(error instanceof Error && "permanent" in error && "command" in error)) return false;
  if (error.permanent !== true || /\b5\.7\.\d/.test(error.message)) return false;
  return error.command === "RCPT TO" || error.command === "DATA";
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError" || (error.cause instanceof Error && error.cause.name === "TimeoutError")) {
    return `The mail server did not take the message within ${deadlineMs / 1000} s.`;
  }
  return error.message;
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= longestAnswer ? line : `${line.slice(0, longestAnswer).toWellFormed()}…`;
}

/** A real SMTP server for tests, which can misbehave on demand. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type AddressObject, type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { onTestFinished } from "vitest";

export interface ReceivedMail {
  /** Of the envelope. */
  readonly from: string;
  readonly to: readonly string[];
  /** As it came over the wire. */
  readonly raw: string;
  readonly parsed: ParsedMail;
}

export interface MailServer {
  readonly port: number;
  readonly url: string;
  /** In the order in which they came. */
  readonly mails: readonly ReceivedMail[];
  /** What is done with a message before it is taken: an error refuses it. */
  onMessage: (mail: ReceivedMail) => Promise<void> | void;
  /** Connections that were opened so far. */
  connections(): number;
  close(): Promise<void>;
}

/** Starts a server that takes every message; it ends with the test. @param port 0 takes a free one */
export async function startMailServer(options: SMTPServerOptions = {}, port = 0): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  let connections = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    logger: false,
    disableReverseLookup: true,
    onConnect(_session, callback) {
      connections += 1;
      callback();
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", async () => {
        try {
          const { mailFrom, rcptTo } = session.envelope;
          const raw = Buffer.concat(chunks).toString();
          const mail = {
            from: mailFrom === false ? "" : mailFrom.address,
            to: rcptTo.map((one) => one.address),
            raw,
            parsed: await simpleParser(raw),
          };
          await own.onMessage(mail);
          mails.push(mail);
          callback();
        } catch (error) {
          callback(error instanceof Error ? error : new Error(String(error)));
        }
      });
    },
    ...options,
  });
  server.on("error", () => undefined);
  const listener = server.listen(port, "127.0.0.1");
  await once(listener, "listening");
  const { port: bound } = listener.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  const own: MailServer = {
    port: bound,
    url: `smtp://127.0.0.1:${bound}`,
    mails,
    onMessage: () => undefined,
    connections: () => connections,
    close,
  };
  onTestFinished(close);
  return own;
}

/** An answer of the server with a code of SMTP. */
export function smtpError(code: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode: code });
}

/** Whom the mails went to, sorted, each with its subject. */
export function receivedBy(server: MailServer): string[] {
  return server.mails.map(({ to, parsed }) => `${to.join(",")}: ${parsed.subject}`).sort();
}

/** The addresses of a header. */
export function addressesOf(header: AddressObject | AddressObject[] | undefined): string[] {
  return [header ?? []].flat().flatMap(({ value }) => value.map(({ address }) => address ?? ""));
}

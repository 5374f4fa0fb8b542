/** The node's log: JSON lines, or readable ones in a terminal. */
import { type DestinationStream, type Logger, type LoggerOptions, pino } from "pino";
import pretty from "pino-pretty";

export type { Logger };

/** Fields that must never reach a log, wherever a caller puts them; `headers.*` because any of a customer's may hold a key. */
const secrets = [
  "authorization",
  "apiKey",
  "password",
  "secret",
  "databaseUrl",
  "databaseDirectUrl",
  "metricsToken",
  "smtpUrl",
  "headers.*",
];

/** At the top and up to three levels below it, which is as deep as what we log. */
const redact = ["", "*.", "*.*.", "*.*.*."].flatMap((depth) => secrets.map((name) => depth + name));

/** What the sentence of the greeting (`startup/listening.ts`) says already: fields for machines. */
const saidInWords = "listening,page,api,credentials,roles";

/**
 * Makes the node's logger.
 *
 * @param level pino's level
 * @param readable for a person at a terminal rather than a machine
 * @param destination standard output unless said
 */
export function createLogger(level: string, readable: boolean, destination?: DestinationStream): Logger {
  const options: LoggerOptions = { level, redact, base: null };
  if (!readable) return pino({ ...options, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  const ignore = `pid,hostname,${saidInWords}`;
  const lines = pretty({ translateTime: "HH:MM:ss", ignore, sync: true, ...(destination && { destination }) });
  return pino(options, lines);
}

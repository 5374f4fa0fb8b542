/** The node's log: JSON lines, or readable ones in a terminal. */
import { type Logger, pino } from "pino";
import pretty from "pino-pretty";

export type { Logger };

/** Fields that must never reach a log, wherever a caller puts them. */
const redact = ["*.authorization", "*.apiKey", "headers.authorization", "authorization", "apiKey"];

/**
 * Makes the node's logger.
 *
 * @param level pino's level
 * @param readable for a person at a terminal rather than a machine.
 */
export function createLogger(level: string, readable: boolean): Logger {
  if (!readable) return pino({ level, redact, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  return pino({ level, redact, base: null }, pretty({ translateTime: "HH:MM:ss", ignore: "pid,hostname", sync: true }));
}

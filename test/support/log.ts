/** A log that a test can read. */
import { type Logger, pino } from "pino";

export interface TestLog {
  readonly log: Logger;
  /** The messages so far. */
  messages(): readonly string[];
}

/** Makes one that keeps warnings and errors. */
export function keepLog(): TestLog {
  const lines: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
  return {
    log,
    messages: () => lines.map((line) => String(Object.entries(JSON.parse(line)).find(([name]) => name === "msg")?.[1])),
  };
}

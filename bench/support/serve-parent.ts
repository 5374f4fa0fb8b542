/** The other end of `child.ts`: does what lines of JSON on stdin ask, and answers on stdout. */
import { createInterface } from "node:readline";

/** What a child can do, by name. */
export type Commands = Readonly<Record<string, (details: Details) => Promise<object>>>;

/** What a command is told. */
export interface Details {
  number(name: string): number;
  text(name: string): string;
}

/** Serves commands one after another until the parent closes stdin; then ends the process by way of `stop`. */
export async function serveParent(commands: Commands, stop: () => Promise<unknown>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, command, details } = read(line);
    try {
      const run = commands[command];
      if (!run) throw new Error(`there is no command ${command}`);
      say({ id, answer: await run(details) });
    } catch (error) {
      say({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }
  await stop();
  process.exit(0);
}

function say(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

function read(line: string): { id: number; command: string; details: Details } {
  const told = fieldsOf(JSON.parse(line));
  const details = fieldsOf(told.get("details"));
  return {
    id: Number(told.get("id")),
    command: String(told.get("command")),
    details: { number: (name) => Number(details.get(name)), text: (name) => String(details.get(name)) },
  };
}

function fieldsOf(value: unknown): Map<string, unknown> {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}

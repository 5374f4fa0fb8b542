/** A contender in a process of its own, asked by lines of JSON. See `serve-parent.ts` for its other end. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Static, TSchema } from "typebox";
import { Value } from "typebox/value";
import type { Workplace } from "./workplace.ts";

export interface Child {
  readonly pid: number;
  /** Has the child do something and reads its answer. @throws Error with what went wrong there */
  ask<Answer extends TSchema>(command: string, details: object, answer: Answer): Promise<Static<Answer>>;
  stop(): Promise<void>;
}

export interface ChildOptions {
  /** The executable of the Node that runs it. */
  readonly node: string;
  /** A script of this repository: `bench/queue/punctual-child.ts`. */
  readonly script: string;
  /** Told by the environment, before the first command. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly nodeArguments?: readonly string[];
}

interface Asked {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

const stopWithinMs = 30_000;

/** Starts a child; it is stopped at the end of the benchmark. */
export function startChild(workplace: Workplace, options: ChildOptions): Child {
  const process_ = spawn(options.node, [...(options.nodeArguments ?? []), workplace.built(options.script)], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, NODE_ENV: "production", ...options.environment },
  });
  const asked = new Map<number, Asked>();
  let last = 0;

  createInterface({ input: process_.stdout }).on("line", (line) => {
    const answer: unknown = JSON.parse(line);
    if (!Value.Check(answerSchema, answer)) return;
    const waiting = asked.get(answer.id);
    asked.delete(answer.id);
    if (answer.error === undefined) waiting?.resolve(answer.answer);
    else waiting?.reject(new Error(`${options.script}: ${answer.error}`));
  });
  process_.on("exit", (code, signal) => {
    for (const one of asked.values()) one.reject(new Error(`${options.script} ended: ${signal ?? code}`));
    asked.clear();
  });
  process_.stdin.on("error", () => undefined);

  const child: Child = {
    pid: process_.pid ?? 0,
    async ask(command, details, answer) {
      last += 1;
      const id = last;
      const told = new Promise<unknown>((resolve, reject) => asked.set(id, { resolve, reject }));
      process_.stdin.write(`${JSON.stringify({ id, command, details })}\n`);
      return Value.Parse(answer, await told);
    },
    stop: () => stop(process_),
  };
  workplace.atEnd(child.stop);
  return child;
}

const answerSchema = {
  type: "object",
  required: ["id"],
  properties: { id: { type: "integer" }, answer: {}, error: { type: "string" } },
} as const;

async function stop(process_: ChildProcess): Promise<void> {
  if (process_.exitCode !== null || process_.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => process_.once("exit", () => resolve()));
  const timer = setTimeout(() => process_.kill("SIGKILL"), stopWithinMs);
  process_.stdin?.end();
  await ended;
  clearTimeout(timer);
}

/**
 * One run of the PostgreSQL server.
 *
 * States: starting → ready → ended, or starting → ended. Invariants: `startServer` resolves only when the server takes
 * connections; whatever it logs goes to the node's log and nowhere else, so it fills no disk.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../runtime/logger.ts";
import { explainFailure } from "./embedded-postgres-error.ts";
import { type GuardedProcess, startGuarded } from "./guarded-process.ts";
import type { ProcessUser } from "./run-as.ts";

/** A server that has taken connections. */
export interface ServerProcess {
  /** Its exit code, whoever ended it. */
  readonly ended: Promise<number>;
  /** Ends it: fast, and if that takes more than 10 s, at once (the next start then recovers). True if it ended. */
  stop(): Promise<boolean>;
}

/** What it takes to start a server. */
export interface ServerOrder {
  readonly user: ProcessUser;
  readonly postgres: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Named in messages. */
  readonly data: string;
  readonly log: Logger;
}

const fastShutdownMs = 10_000;
const immediateShutdownMs = 5_000;
/** Recovery after a crash takes as long as it takes; a reader of the log should know that it is under way. */
const noticeMs = 5_000;
const linesKept = 20;

/**
 * Starts the server and waits until it takes connections.
 *
 * @param unwanted when aborted, a server that is still starting is ended
 * @throws EmbeddedPostgresError it ended before; the message has what it said
 */
export async function startServer(order: ServerOrder, unwanted?: AbortSignal): Promise<ServerProcess> {
  const said: string[] = [];
  let tellReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    tellReady = resolve;
  });
  let stopping = false;
  const server = startGuarded(order.user, order.postgres, order.args, order.env, (line) => {
    if (said.push(line) > linesKept) said.shift();
    if (line.includes("database system is ready to accept connections")) tellReady();
    order.log[stopping ? "debug" : levelOf(line)]({ component: "postgres" }, line);
  });

  const abandon = (): void => server.signal("INT");
  unwanted?.addEventListener("abort", abandon);
  const notice = setTimeout(() => order.log.info({ data: order.data }, "PostgreSQL is still recovering"), noticeMs);
  try {
    await Promise.race([ready, server.ended.then((code) => Promise.reject(new Error(`exit code ${code}`)))]);
  } catch (error) {
    const words = [...said, error instanceof Error ? error.message : String(error)].join("\n");
    throw explainFailure(`The embedded PostgreSQL in ${order.data} could not start`, words, error);
  } finally {
    clearTimeout(notice);
    unwanted?.removeEventListener("abort", abandon);
  }
  return {
    ended: server.ended,
    stop() {
      stopping = true;
      return stop(server);
    },
  };
}

async function stop(server: GuardedProcess): Promise<boolean> {
  server.signal("INT");
  if (await endsWithin(fastShutdownMs, server)) return true;
  server.signal("QUIT");
  return endsWithin(immediateShutdownMs, server);
}

async function endsWithin(ms: number, server: GuardedProcess): Promise<boolean> {
  const given = new AbortController();
  const ended = server.ended.then(() => true);
  const tooLong = delay(ms, false, { signal: given.signal }).catch(() => false);
  return Promise.race([ended, tooLong]).finally(() => given.abort());
}

/** An ERROR is its client's affair; the rest of the server's own troubles are the operator's. */
function levelOf(line: string): "debug" | "warn" | "error" {
  if (/^PANIC: /.test(line)) return "error";
  if (/^(WARNING|FATAL): /.test(line)) return "warn";
  if (/^LOG: .*(was terminated by signal|not properly shut down)/.test(line)) return "warn";
  return "debug";
}

/** What the tests of the embedded PostgreSQL share: real folders, real processes, and their removal afterwards. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { afterAll, beforeAll, onTestFinished, vi } from "vitest";
import { createLogger } from "../runtime/logger.ts";
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from "./embedded-postgres.ts";

/** For tests that are not about durability. */
export const quick = { fsync: "off", shared_buffers: "16MB" };

const silent = createLogger("silent", false);
const fixture = fileURLToPath(new URL("node.fixture.ts", import.meta.url));

let shared = "";

/**
 * Registers the making of a data directory that tests share, since a database of their own costs each a second. A test
 * finds it without a server and leaves it so; what other tests left in it is none of its business.
 */
export function prepareSharedDatabase(): void {
  beforeAll(async () => {
    shared = await openFolder();
    const server = await startEmbeddedPostgres({ dataDir: shared, log: silent, settings: quick });
    await server.stop();
  });
  afterAll(() => rm(shared, { recursive: true, force: true }));
}

/** The data directory that tests share. */
export function sharedDatabase(): string {
  return shared;
}

/** An empty folder that goes with the test; PostgreSQL's user can pass through it. */
export async function makeFolder(): Promise<string> {
  const folder = await openFolder();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A copy of the shared database, as root's own, as a backup would be restored. */
export async function copyDatabaseTo(dataDir: string): Promise<void> {
  await cp(shared, dataDir, { recursive: true, verbatimSymlinks: true });
}

async function openFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "punctual-test-")));
  await chmod(folder, 0o755);
  return folder;
}

/** Starts a server in this process; it ends with the test. */
export async function start(dataDir: string, more: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, log: silent, settings: quick, ...more });
  onTestFinished(() => server.stop());
  return server;
}

/** Runs queries on one connection. */
export async function query<T>(
  connection: EmbeddedPostgres["connection"],
  ask: (sql: postgres.Sql) => Promise<T>,
): Promise<T> {
  const sql = postgres({ ...connection, max: 1, onnotice: () => undefined });
  return ask(sql).finally(() => sql.end({ timeout: 1 }));
}

/** Another Node process, which starts a server of its own; `under` is a command that becomes the process. */
export function spawnNode(
  dataDir: string,
  settings: Record<string, string> = quick,
  under: readonly string[] = ["env"],
): ChildProcess {
  const node = [process.execPath, "--import", "tsx", fixture, dataDir, JSON.stringify(settings)];
  const [command = "env", ...args] = [...under, ...node];
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => killNow(child));
  return child;
}

/** The connection that a spawned Node process prints once its server answers. */
export async function connectionOf(child: ChildProcess): Promise<EmbeddedPostgres["connection"]> {
  if (!child.stdout) throw new Error("spawned without a pipe");
  const [line]: unknown[] = await once(createInterface({ input: child.stdout }), "line");
  return JSON.parse(String(line));
}

/** Kills a Node process so that it can do nothing more, and waits until it is gone. */
export async function killNow(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

/** Process id of the server of a data directory. */
export async function postmasterOf(dataDir: string): Promise<number> {
  const text = await readFile(join(dataDir, "pg", "data", "postmaster.pid"), "utf8");
  return Number.parseInt(text, 10);
}

/** Whether a process exists, zombies aside. */
export async function isAlive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return status !== "" && !/\) Z /.test(status);
}

/** Waits for something that comes true by itself. */
export async function eventually(condition: () => Promise<boolean>): Promise<void> {
  await vi.waitUntil(condition, { timeout: 10_000, interval: 10 });
}

/** Process ids of the shell that guards a process, and of the shell's other children. */
export async function guardsOf(pid: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const status = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    parents.set(Number(name), Number(status.slice(status.lastIndexOf(")") + 4).split(" ")[0]));
  }
  const shell = parents.get(pid);
  if (shell === undefined) throw new Error(`there is no process ${pid}`);
  const siblings = [...parents].filter(([child, parent]) => parent === shell && child !== pid).map(([child]) => child);
  return [shell, ...siblings];
}

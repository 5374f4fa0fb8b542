/** Nodes as processes of their own, for tests that kill them. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { type Client, createClient } from "../../src/client/client.ts";
import { eventually, guardsOf, isAlive, makeFolder, postmasterOf } from "../../src/embedded-postgres/test-support.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const entry = fileURLToPath(new URL("../../dist/cli/punctual.js", import.meta.url));

export interface NodeProcess {
  readonly pid: number;
  readonly origin: string;
  readonly dataDir: string;
  readonly apiKey: string;
  readonly api: Client;
  /** What it has logged so far, a JSON object per line. */
  readonly log: readonly string[];
  /** Kill -9: it can do nothing more. Resolves when it is gone. */
  kill(): Promise<void>;
  /** The same, and its embedded PostgreSQL in the same moment. */
  killWithPostgres(): Promise<void>;
  /** SIGTERM. @returns its exit code */
  terminate(): Promise<number | null>;
}

export interface NodeProcessOptions {
  /** A folder of an earlier process; a new one unless said. */
  readonly dataDir?: string;
  /** Besides `--port 0` and `--data-dir`. */
  readonly flags?: readonly string[];
  /** Another node of the same database, whose key is used. */
  readonly with?: NodeProcess;
  /** Instead of `punctual serve`: a script that starts a node of its own, set by its environment alone. */
  readonly script?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** What became of a process that was expected to end by itself. */
export interface Ended {
  readonly exitCode: number | null;
  /** Both streams. */
  readonly output: string;
}

/** Starts `punctual serve`; it and its PostgreSQL end with the test. Resolves when the node is ready. */
export async function startNodeProcess(options: NodeProcessOptions = {}): Promise<NodeProcess> {
  const dataDir = options.dataDir ?? (await makeFolder());
  const child = options.script === undefined ? serve(dataDir, options.flags ?? []) : runScript(dataDir, options);
  const log: string[] = [];
  const origin = await readOrigin(child, log);
  const postmaster = await postmasterOf(dataDir).catch(() => undefined);
  const apiKey = options.with?.apiKey ?? (await readKey(dataDir));

  async function kill(): Promise<void> {
    child.kill("SIGKILL");
    await ended(child);
  }

  onTestFinished(async () => {
    await kill();
    if (postmaster !== undefined) await eventually(async () => !(await isAlive(postmaster)));
  });
  return {
    pid: child.pid ?? 0,
    origin,
    dataDir,
    apiKey,
    api: createClient({ baseUrl: origin, customerCode: "demo", apiKey }),
    log,
    kill,
    async killWithPostgres() {
      if (postmaster === undefined) throw new Error("this node has no PostgreSQL of its own");
      const guards = await guardsOf(postmaster);
      // Frozen first: a node that saw its PostgreSQL die would start another.
      child.kill("SIGSTOP");
      for (const pid of [...guards, postmaster]) process.kill(pid, "SIGKILL");
      await kill();
      await eventually(async () => !(await exists(postmaster)));
    },
    async terminate() {
      child.kill("SIGTERM");
      await ended(child);
      return child.exitCode;
    },
  };
}

/** A node that `npm start` runs. */
export interface NpmProcess {
  /** npm's, which leads a process group of its own. */
  readonly pid: number;
  readonly origin: string;
  readonly dataDir: string;
  /** What npm and the node have written so far, by lines. */
  readonly log: readonly string[];
  /** npm's exit code, when it has ended. */
  readonly exitCode: Promise<number | null>;
}

/** Starts a node as people do, by `npm start` on the built code. Resolves when the node is ready. */
export async function startByNpm(): Promise<NpmProcess> {
  const dataDir = await makeFolder();
  const args = ["start", "--", "--port", "0", "--data-dir", dataDir];
  const child = spawn("npm", args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const { pid } = child;
  if (pid === undefined) throw new Error("npm could not be started");
  const exitCode = once(child, "close").then(() => child.exitCode);
  const log: string[] = [];
  onTestFinished(async () => {
    // The node first, so that its PostgreSQL can end before its folder goes.
    if (child.exitCode === null && child.signalCode === null) process.kill(-pid, "SIGKILL");
    await exitCode;
  });
  const origin = await readOrigin(child, log);
  return { pid, origin, dataDir, log, exitCode };
}

/** Starts `punctual serve` where it is expected to give up. */
export async function failToStart(dataDir: string, flags: readonly string[] = []): Promise<Ended> {
  const child = serve(dataDir, flags);
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => output.push(String(chunk)));
  await once(child, "close");
  return { exitCode: child.exitCode, output: output.join("") };
}

function serve(dataDir: string, flags: readonly string[]): ChildProcess {
  return spawnNode([entry, "serve", "--port", "0", "--data-dir", dataDir, ...flags], {});
}

function runScript(dataDir: string, { script = "", environment = {} }: NodeProcessOptions): ChildProcess {
  const path = fileURLToPath(new URL(script, import.meta.url));
  return spawnNode(["--import", "tsx", path], { PUNCTUAL_PORT: "0", PUNCTUAL_DATA_DIR: dataDir, ...environment });
}

function spawnNode(args: readonly string[], environment: Readonly<Record<string, string>>): ChildProcess {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], env });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended(child);
  });
  return child;
}

/** Whether a process exists, zombies included: PostgreSQL takes one for alive when it finds its number in a lock file. */
async function exists(pid: number): Promise<boolean> {
  return access(`/proc/${pid}`).then(
    () => true,
    () => false,
  );
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

/** Waits for the line that says that the node is ready, and keeps all lines. */
function readOrigin(child: ChildProcess, log: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!child.stdout || !child.stderr) throw new Error("spawned without pipes");
    createInterface({ input: child.stderr }).on("line", (line) => log.push(line));
    createInterface({ input: child.stdout }).on("line", (line) => {
      log.push(line);
      const listening = /"listening":"([^"]+)"/.exec(line)?.[1];
      if (listening !== undefined) resolve(listening);
    });
    child.on("exit", () => reject(new Error(`the node ended before it was ready:\n${log.join("\n")}`)));
  });
}

async function readKey(dataDir: string): Promise<string> {
  const credentials: unknown = JSON.parse(await readFile(join(dataDir, "credentials.json"), "utf8"));
  if (typeof credentials === "object" && credentials && "apiKey" in credentials) return String(credentials.apiKey);
  throw new Error("the credentials hold no key");
}

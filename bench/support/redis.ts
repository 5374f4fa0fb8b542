/** A Redis that flushes each write before it answers, as Debian packages it. */
import { execFile, spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Workplace } from "./workplace.ts";

export interface BenchRedis {
  readonly socket: string;
  readonly version: string;
  readonly pid: number;
}

/** Starts it on a socket of its own; undefined where there is no redis-server. */
export async function startRedis(workplace: Workplace): Promise<BenchRedis | undefined> {
  const version = await readVersion();
  if (version === undefined) return undefined;
  const dir = join(workplace.folder, "redis");
  await mkdir(dir);
  const socket = join(dir, "socket");
  const settings = { port: "0", unixsocket: socket, dir, appendonly: "yes", appendfsync: "always", save: "" };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const server = spawn("redis-server", args, { stdio: ["ignore", "ignore", "inherit"] });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  workplace.atEnd(() => {
    server.kill("SIGTERM");
    return ended;
  });
  for (let attempt = 0; !(await answers(socket)); attempt++) {
    if (attempt > 100) throw new Error("redis-server does not start");
    await delay(50);
  }
  return { socket, version, pid: server.pid ?? 0 };
}

function readVersion(): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile("redis-server", ["--version"], (error, stdout) => {
      resolve(error ? undefined : (/v=(\S+)/.exec(stdout)?.[1] ?? "?"));
    });
  });
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once("connect", () => {
      connection.destroy();
      resolve(true);
    });
    connection.once("error", () => resolve(false));
  });
}

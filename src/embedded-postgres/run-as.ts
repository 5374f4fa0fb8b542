/** Runs short commands to their end, as the user that PostgreSQL runs as. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

/** The user that PostgreSQL's files and processes belong to. */
export interface ProcessUser {
  readonly uid: number;
  readonly gid: number;
}

/** How a command ended. */
export interface Outcome {
  /** 128 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The whole environment of PostgreSQL's processes: PGDATA, PGOPTIONS and a foreign locale must not reach them. */
export function cleanEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C", ...more };
}

/** `uid` and `gid` for `spawn`: none when the process already is that user, since asking would need privileges. */
export function identity(user: ProcessUser): Partial<ProcessUser> {
  return process.getuid?.() === user.uid ? {} : { uid: user.uid, gid: user.gid };
}

/**
 * Runs a program to its end and answers how it ended, whatever its exit code.
 *
 * @param options.input what it reads; nothing by default
 * @throws a system error when the program cannot be started
 */
export function runAs(
  user: ProcessUser,
  command: string,
  args: readonly string[],
  options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...identity(user),
      // The node's own working directory may be closed to the other user.
      cwd: "/",
      env: cleanEnvironment(options.env),
      detached: true,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    // A program that ends before it has read its input is judged by its exit code, not by the broken pipe.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
    child.on("error", (error) => reject(explainMissingLoader(command, error)));
    child.on("close", () => resolve({ code: child.exitCode ?? 128, stdout, stderr }));
  });
}

/**
 * Runs a script of /bin/sh; its arguments are `$1`, `$2`, ….
 *
 * @throws a system error when the shell cannot be started
 */
export function runShell(user: ProcessUser, script: string, args: readonly string[]): Promise<Outcome> {
  return runAs(user, "/bin/sh", ["-c", script, "sh", ...args]);
}

/** ENOENT for a program that is there means that its ELF interpreter is not. */
function explainMissingLoader(command: string, error: Error): Error {
  if (!("code" in error) || error.code !== "ENOENT" || !existsSync(command)) return error;
  return new Error(`${command} is there but cannot be run: this system's C library is not the one it was built for`, {
    cause: error,
  });
}

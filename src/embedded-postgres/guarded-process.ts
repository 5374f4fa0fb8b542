/**
 * A process that ends when its parent does.
 *
 * A small shell starts it and holds a pipe from Node; when the pipe closes, for whatever reason, kill -9 included, the
 * process is sent SIGINT. Through the same pipe Node names the signals it wants sent, so that only a process that is
 * there is ever signalled, not another that got its number.
 *
 * States: running → ended. Invariant: `ended` resolves once, when the shell has ended. If somebody kills the shell alone,
 * the process may outlive it for a moment: the pipe closes with the shell, and the watcher sends its SIGINT.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { cleanEnvironment, identity, type ProcessUser } from "./run-as.ts";

/** A process with its guard. */
export interface GuardedProcess {
  /** Its exit code; 128 or more when a signal ended it. */
  readonly ended: Promise<number>;
  /** Does nothing once it has ended. */
  signal(name: "INT" | "QUIT"): void;
}

const lastWordsMs = 200;

// The watcher drops the output streams: Node would otherwise wait for it after the process has ended. It is waited for
// at the end: in a container the node may be process 1, which would keep it as a zombie.
const guardScript = `
trap '' HUP INT TERM
exec 3<&0 </dev/null
"$@" 3<&- &
child=$!
(
  while read -r name <&3; do kill -s "$name" "$child"; done
  kill -s INT "$child"
) >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait "$child"
status=$?
kill -s KILL "$watcher" 2>/dev/null
wait "$watcher"
exit "$status"`;

/**
 * Starts a program under guard.
 *
 * @param onLine hears each line of its stderr
 * @throws (through `ended`) a system error when the shell cannot be started
 */
export function startGuarded(
  user: ProcessUser,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): GuardedProcess {
  const shell = spawn("/bin/sh", ["-c", guardScript, "sh", command, ...args], {
    ...identity(user),
    cwd: "/",
    env: cleanEnvironment(env),
    // A session of its own: Ctrl-C in the node's terminal is for the node, which stops the database last.
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
  });
  // The pipe breaks when the process ends first; `ended` tells that.
  shell.stdin.on("error", () => undefined);
  createInterface({ input: shell.stderr }).on("line", onLine);
  const ended = new Promise<number>((resolve, reject) => {
    shell.on("error", reject);
    shell.on("exit", (code) => {
      // Its last words may still be in the pipe, and the pipe stays open if only the shell was killed.
      const patience = setTimeout(resolve, lastWordsMs, code ?? 128);
      shell.on("close", () => {
        clearTimeout(patience);
        resolve(code ?? 128);
      });
    });
  });
  return {
    ended,
    signal(name) {
      if (shell.stdin.writable) shell.stdin.write(`${name}\n`);
    },
  };
}

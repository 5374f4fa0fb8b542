/**
 * Ends what a killed node left running in a database folder.
 *
 * Whoever calls holds the folder's lock: a postgres whose working directory is the cluster then has no owner but us.
 * Only the postmaster is asked to stop, for SIGINT means something else to its children; they follow it.
 */
import { access, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../runtime/logger.ts";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { type ProcessUser, runShell } from "./run-as.ts";

const pollMs = 25;
/** A fast shutdown writes a checkpoint, up to shared_buffers of dirty pages. */
const fastShutdownMs = 20_000;
const killMs = 5_000;

/**
 * Prints `<pid> postmaster|child` per postgres whose working directory is `$1`. Run as PostgreSQL's user: in a
 * container root may lack the right to read another user's /proc/<pid>/cwd. Where there is no /proc, it goes by
 * postmaster.pid and the process's arguments.
 */
const listScript = `
if [ ! -d /proc/self ]; then
  read -r pid <"$1/postmaster.pid" || exit 0
  case $(ps -o args= -p "$pid") in *"$1"*) echo "$pid postmaster";; esac
  exit 0
fi
for p in /proc/[0-9]*; do
  [ "$p/cwd" -ef "$1" ] || continue
  IFS= read -r command <"$p/comm" || continue
  [ "$command" = postgres ] || continue
  title=
  IFS= read -r title <"$p/cmdline"
  case $title in "postgres: "*) kind=child;; *) kind=postmaster;; esac
  echo "\${p#/proc/} $kind"
done 2>/dev/null
exit 0`;

interface Found {
  readonly pid: string;
  readonly kind: string;
}

/**
 * Stops every postgres of a cluster and removes its postmaster.pid; at once when nothing was left.
 *
 * @param data real path of the cluster
 * @throws EmbeddedPostgresError one survives SIGKILL (it hangs in the kernel, or belongs to somebody else)
 */
export async function stopOrphans(data: string, user: ProcessUser, log: Logger): Promise<void> {
  const pidFile = join(data, "postmaster.pid");
  // A clean stop removes it last, so without it nothing runs.
  const left = await access(pidFile).then(
    () => true,
    () => false,
  );
  if (!left) return;

  const found = await list(data, user);
  if (found.length > 0) {
    log.warn(
      { data, processes: found.map((one) => one.pid).join(" ") },
      "stopping a PostgreSQL that a killed node left running",
    );
    const postmasters = found.filter((one) => one.kind === "postmaster");
    await signal("INT", postmasters, user);
    if (!(await isEmptyWithin(fastShutdownMs, data, user))) await kill(data, user);
  }
  // Its number may by now be another process's, which would keep PostgreSQL from starting.
  await rm(pidFile, { force: true });
}

async function kill(data: string, user: ProcessUser): Promise<void> {
  await signal("KILL", await list(data, user), user);
  if (await isEmptyWithin(killMs, data, user)) return;
  const pids = (await list(data, user)).map((one) => one.pid).join(", ");
  throw new EmbeddedPostgresError(
    `A PostgreSQL that a killed node left running in ${data} cannot be stopped (process ${pids}).\n` +
      "End it by hand, or restart the machine, then start again.",
  );
}

async function isEmptyWithin(ms: number, data: string, user: ProcessUser): Promise<boolean> {
  const end = performance.now() + ms;
  while ((await list(data, user)).length > 0) {
    if (performance.now() > end) return false;
    await delay(pollMs);
  }
  return true;
}

async function list(data: string, user: ProcessUser): Promise<Found[]> {
  const { stdout } = await runShell(user, listScript, [data]);
  return stdout
    .split("\n")
    .map((line) => line.split(" "))
    .flatMap(([pid, kind]) => (pid && kind ? [{ pid, kind }] : []));
}

async function signal(name: "INT" | "KILL", processes: readonly Found[], user: ProcessUser): Promise<void> {
  if (processes.length === 0) return;
  await runShell(user, 'name=$1; shift; for pid; do kill -s "$name" "$pid"; done', [
    name,
    ...processes.map((one) => one.pid),
  ]);
}

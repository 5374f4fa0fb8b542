/** What processes have cost the CPU, as Linux counts it. */
import { readdirSync, readFileSync } from "node:fs";
import type postgres from "postgres";

/** Linux tells times in hundredths of a second, whatever the kernel ticks with. */
const ticksPerSecond = 100;

interface ProcessTimes {
  readonly parent: number;
  readonly ownMs: number;
  /** Of children that have ended. */
  readonly endedMs: number;
}

/** CPU milliseconds of a process so far. */
export function cpuOf(pid: number): number {
  return timesOf(pid)?.ownMs ?? 0;
}

/** CPU milliseconds so far of a whole PostgreSQL, the backends that have ended included; undefined where there is no /proc. */
export async function cpuOfPostgres(sql: postgres.Sql): Promise<number | undefined> {
  const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const postmaster = row && timesOf(row.pid)?.parent;
  const own = postmaster === undefined ? undefined : timesOf(postmaster);
  if (!own) return undefined;
  let total = own.ownMs + own.endedMs;
  for (const name of readdirSync("/proc")) {
    const times = /^\d+$/.test(name) ? timesOf(Number(name)) : undefined;
    if (times && times.parent === postmaster) total += times.ownMs;
  }
  return total;
}

function timesOf(pid: number): ProcessTimes | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name may hold blanks and brackets; what follows is numbers (proc_pid_stat(5)).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ms = (...which: number[]) =>
      (which.reduce((sum, field) => sum + Number(fields[field - 3]), 0) * 1000) / ticksPerSecond;
    return { parent: Number(fields[1]), ownMs: ms(14, 15), endedMs: ms(16, 17) };
  } catch {
    return undefined;
  }
}

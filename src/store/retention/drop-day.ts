import type { Session } from "../database.ts";

/**
 * What goes together when a day goes: all that is partitioned by a job's day, the jobs first, so that a day that has begun to go is
 * not read any more; and the ledger of schedules.
 */
const partitioned = {
  jobs: ["job", "job_log", "job_result", "job_attempt", "job_child"],
  occurrences: ["occurrence"],
} as const;

/** Any number that no other program would lock. */
const lockId = 7_846_259_016;

/**
 * Drops all jobs of a day, which have all expired, or its part of the ledger; on one node at a time.
 *
 * Each table is detached before it is dropped, and concurrently, which locks out nobody's reads and writes; what waits for
 * longer than a second all the same gives up, and the next call goes on where it stopped: with a partition whose detaching
 * was broken off, or with one that is detached and was not dropped.
 *
 * @param day `YYYY-MM-DD`
 * @returns whether the day is gone; `busy` where another node is at it
 * @throws what PostgreSQL says where a lock was not to be had, among others
 */
export async function dropDay(
  { sql, script }: Session,
  what: keyof typeof partitioned,
  day: string,
): Promise<"dropped" | "busy"> {
  const parents = partitioned[what];
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new Error(`${JSON.stringify(day)} is no day`);
  const [lock] = await sql<{ taken: boolean }>`select pg_try_advisory_lock(${lockId}) as taken`;
  if (!lock?.taken) return "busy";
  await script("set lock_timeout = '1s'");
  for (const { parent, child } of await listDetaching(sql, parents)) {
    await script(`alter table ${parent} detach partition ${child} finalize`);
  }
  for (const parent of parents) {
    // Letters, digits and underscores: a name that needs no quotes.
    const child = `${parent}_${day.replaceAll("-", "")}`;
    const state = await stateOf(sql, child);
    if (state === "attached") await script(`alter table ${parent} detach partition ${child} concurrently`);
    if (state !== "gone") await script(`drop table ${child}`);
  }
  return "dropped";
}

/** Partitions whose detaching was broken off; while there is one, its table lets no other be detached. */
async function listDetaching(
  sql: Session["sql"],
  parents: readonly string[],
): Promise<{ parent: string; child: string }[]> {
  return sql<{ parent: string; child: string }>`
    select p.relname as parent, c.relname as child
      from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
     where i.inhdetachpending and c.relnamespace = current_schema()::regnamespace
       and p.relname = any (${[...parents]}) and c.relname = p.relname || '_' || right(c.relname, 8)`;
}

async function stateOf(sql: Session["sql"], child: string): Promise<"attached" | "detached" | "gone"> {
  const [row] = await sql<{ state: "attached" | "detached" }>`
    select case when i.inhrelid is null then 'detached' else 'attached' end as state
      from pg_class c left join pg_inherits i on i.inhrelid = c.oid
     where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace and c.relname = ${child}`;
  return row?.state ?? "gone";
}

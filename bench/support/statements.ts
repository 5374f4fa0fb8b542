/** What statements have cost PostgreSQL, as its extension `pg_stat_statements` counts it. */
import type postgres from "postgres";
import { printTable } from "./rounds.ts";
import { figure } from "./statistics.ts";

/** Prints the costliest statements of a database that was started with `pg_stat_statements`. */
export async function printStatements(sql: postgres.Sql, most: number): Promise<void> {
  await sql`create extension if not exists pg_stat_statements`;
  const rows = await sql<{ text: string; calls: number; rows: number; plan: number; run: number; wal: number }[]>`
    select left(regexp_replace(query, '\\s+', ' ', 'g'), 100) as text, calls::float8, rows::float8,
           total_plan_time as plan, total_exec_time as run, wal_bytes::float8 as wal
      from pg_stat_statements s join pg_database d on d.oid = s.dbid
     where d.datname = current_database()
     order by total_plan_time + total_exec_time desc limit ${most}`;
  console.log();
  printTable(
    ["statement", "calls", "rows", "plan ms", "run ms", "KiB of WAL"],
    rows.map(({ text, calls, rows, plan, run, wal }) => [
      text,
      ...[calls, rows, plan, run, wal / 1024].map((value) => figure(value)),
    ]),
  );
}

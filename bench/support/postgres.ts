/** One PostgreSQL for all contenders: the bundled one, durable, as a node would run it. */
import { join } from "node:path";
import { pino } from "pino";
import postgres from "postgres";
import { startEmbeddedPostgres } from "../../src/embedded-postgres/embedded-postgres.ts";
import type { Workplace } from "./workplace.ts";

export interface BenchPostgres {
  readonly version: string;
  /** What makes a commit durable, as the server says it. */
  readonly durability: string;
  /** Makes an empty database. @returns how to reach it */
  createDatabase(name: string): Promise<BenchDatabase>;
}

export interface BenchDatabase {
  /** For `DATABASE_URL`. */
  readonly url: string;
  /** For node-postgres, which knows sockets by their folder. */
  readonly pgUrl: string;
  /** A plain connection. */
  readonly sql: postgres.Sql;
}

/** Starts it; it ends with the benchmark. @param settings by PostgreSQL's names */
export async function startPostgres(
  workplace: Workplace,
  settings: Readonly<Record<string, string>> = {},
): Promise<BenchPostgres> {
  const server = await startEmbeddedPostgres({
    dataDir: join(workplace.folder, "postgres"),
    log: pino({ level: "silent" }),
    settings: { max_connections: "500", ...settings },
  });
  workplace.atEnd(server.stop);
  const { host, port, user } = server.connection;
  const connect = (database: string, max: number) =>
    postgres({ host, port, user, database, max, onnotice: () => undefined });
  const admin = connect("postgres", 1);
  workplace.atEnd(() => admin.end({ timeout: 1 }));
  const [row] = await admin<{ version: string; durability: string }[]>`
    select split_part(version(), ' on ', 1) as version,
           concat_ws(', ', 'fsync ' || current_setting('fsync'),
                     'synchronous_commit ' || current_setting('synchronous_commit'),
                     'full_page_writes ' || current_setting('full_page_writes'),
                     'shared_buffers ' || current_setting('shared_buffers')) as durability`;
  if (!row || row.durability.includes("off")) throw new Error(`PostgreSQL is not durable: ${row?.durability}`);
  return {
    ...row,
    async createDatabase(name) {
      await admin.unsafe(`create database ${name}`);
      const sql = connect(name, 2);
      workplace.atEnd(() => sql.end({ timeout: 1 }));
      const folder = encodeURIComponent(host);
      return {
        url: `postgres:///${name}?host=${folder}&port=${port}&user=${user}`,
        pgUrl: `postgres://${user}@/${name}?host=${folder}&port=${port}`,
        sql,
      };
    },
  };
}

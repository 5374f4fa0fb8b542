/**
 * Brings the schema up to what this code needs.
 *
 * Invariants: one node at a time migrates (an advisory lock); each migration is one transaction; a schema newer than the code
 * is served as long as none of its migrations says that the code is too old for it (`-- needs-code: N`), so that nodes
 * can be updated one by one.
 */
import { readdirSync, readFileSync } from "node:fs";
import { StartError } from "../model/start-error.ts";
import type { Database, Session } from "./database.ts";

/** Beside the source, also for the built code: SQL is not compiled. */
const folder = new URL("../../src/store/migrations/", import.meta.url);

/** `server_version_num` of PostgreSQL 15. */
const oldestServer = 150_000;

/** Any number that no other program would lock. */
const lockId = 7_846_259_015;

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly needsCode: number;
  readonly text: string;
}

/** The migrations that this code knows, in order. */
function readMigrations(): Migration[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  let last = 0;
  return names.sort().map((name) => {
    const text = readFileSync(new URL(name, folder), "utf8");
    const needsCode = Number(/^-- needs-code: (\d+)$/m.exec(text)?.[1]);
    const version = Number(name.slice(0, 4));
    if (!(version > last) || !Number.isInteger(needsCode)) throw new Error(`migration ${name} is misnumbered`);
    last = version;
    return { version, name, needsCode, text };
  });
}

/**
 * Applies what is missing.
 *
 * @returns the names of the migrations that were applied
 * @throws StartError where PostgreSQL is older than 15, or the schema says that this code is too old for it
 */
export async function migrate(database: Database): Promise<string[]> {
  const migrations = readMigrations();
  return database.session(async (session) => {
    await requireServer(session);
    await session.sql`select pg_advisory_lock(${lockId})`;
    await session.script(
      "create table if not exists schema_version (version integer primary key, name text not null, needs_code integer not null, applied_at timestamptz not null default now())",
    );
    const [present] = await session.sql<{ version: number; needs_code: number }>`
      select coalesce(max(version), 0) as version, coalesce(max(needs_code), 0) as needs_code from schema_version`;
    const { version = 0, needs_code: needsCode = 0 } = present ?? {};
    const known = migrations.at(-1)?.version ?? 0;
    if (needsCode > known) {
      throw new StartError(
        `The database's schema is at version ${version} and needs Punctual with schema ${needsCode} or newer; this one knows ${known}. Update this node.`,
      );
    }
    // One by one, not by the highest: branches that are built at the same time bring their migrations in any order.
    const applied = await session.sql<{ version: number }>`select version from schema_version`;
    const missing = migrations.filter((migration) => !applied.some(({ version }) => version === migration.version));
    for (const migration of missing) await apply(session, migration);
    return missing.map((migration) => migration.name);
  });
}

async function apply(session: Session, migration: Migration): Promise<void> {
  await session.script("begin");
  try {
    await session.script(migration.text);
    await session.sql`
      insert into schema_version (version, name, needs_code)
      values (${migration.version}, ${migration.name}, ${migration.needsCode})`;
    await session.script("commit");
  } catch (error) {
    await session.script("rollback");
    throw error;
  }
}

async function requireServer(session: Session): Promise<void> {
  const [row] = await session.sql<{ number: number; version: string }>`
    select current_setting('server_version_num')::integer as number, current_setting('server_version') as version`;
  if (row && row.number >= oldestServer) return;
  throw new StartError(
    `PostgreSQL ${row?.version} is too old; Punctual needs PostgreSQL 15 or newer. Update it, or name another with DATABASE_URL.`,
  );
}

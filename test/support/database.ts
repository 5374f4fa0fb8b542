/** A database of its own for a test file, cloned from the template in a few milliseconds. */
import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { inject } from "vitest";

export interface TestDatabase {
  /** For `DATABASE_URL`. */
  readonly url: string;
  /** A plain connection, for looking at what is stored. */
  readonly sql: postgres.Sql;
  drop(): Promise<void>;
}

/** Clones the template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { host, port, user, template } = inject("postgres");
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const admin = postgres({ host, port, user, database: "postgres", max: 1, onnotice: () => undefined });
  // Copying files takes a checkpoint, which costs nothing where fsync is off, and a fifth of the time of logging each page.
  await admin.unsafe(`create database ${name} template ${template} strategy file_copy`);
  const sql = postgres({ host, port, user, database: name, max: 4, onnotice: () => undefined });
  return {
    url: `postgres:///${name}?host=${host}&port=${port}&user=${user}`,
    sql,
    async drop() {
      await sql.end();
      await admin.unsafe(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}

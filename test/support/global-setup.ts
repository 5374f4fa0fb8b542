/** One PostgreSQL for a run of the tests, with a template database that each test file clones. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "../../src/embedded-postgres/embedded-postgres.ts";
import { openDatabase } from "../../src/store/database.ts";
import { makeJobDays } from "../../src/store/jobs/make-job-days.ts";
import { migrate } from "../../src/store/migrate.ts";
import { buildPage, buildServer } from "./build.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The socket folder and port of the tests' PostgreSQL. */
    postgres: { host: string; port: number; user: string; template: string };
  }
}

/** The template's `app_now()` reads the row that the fake clock sets; without a row time is real. */
const fakeTime = `
  create table test_clock (now timestamptz);
  create or replace function app_now() returns timestamptz language sql stable parallel safe
    as 'select coalesce((select now from test_clock limit 1), statement_timestamp())'`;

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  await buildServer();
  await buildPage();
  const log = pino({ level: "silent" });
  const dataDir = await mkdtemp(join(tmpdir(), "punctual-test-"));
  // A crash of the machine may lose test data; a crash of PostgreSQL does not, so what is shown here still holds.
  const settings = { fsync: "off", max_connections: "400" };
  const server = await startEmbeddedPostgres({ dataDir, log, settings });
  const database = openDatabase({ connection: server.connection, poolSize: 2, log });
  await migrate(database);
  // Each node makes the days that are missing; a clone that has them already starts in half the time.
  await makeJobDays(database.sql, 7);
  await database.session(({ script }) => script(fakeTime));
  await database.close();
  const { host, port, user, database: template } = server.connection;
  project.provide("postgres", { host, port, user, template });
  return async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}

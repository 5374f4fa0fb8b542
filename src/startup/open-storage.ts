import type { Config } from "../config/settings.ts";
import { findRunningEmbeddedPostgres, startEmbeddedPostgres } from "../embedded-postgres/embedded-postgres.ts";
import type { Logger } from "../runtime/logger.ts";
import { type Connection, type Database, openDatabase } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";
import { readTime } from "../store/nodes/read-time.ts";
import { reachDatabase } from "./reach-database.ts";

/** Connections of the pool: enough for the batches and readers of one node, few enough for twenty nodes. */
const poolSize = 12;

/** How long a start waits for a database that is not there yet. */
const databasePatienceMs = 30_000;

/** The database, with whatever had to be started for it. */
export interface Storage {
  readonly database: Database;
  /** Whether no other node can use this database: it lives in a folder that this process has locked. */
  readonly exclusive: boolean;
  close(): Promise<void>;
}

/**
 * Opens the database that the settings name, or starts the embedded one, and brings its schema up to date.
 *
 * @param patienceMs how long to wait for a database that is not there yet
 * @throws EmbeddedPostgresError, StartError
 */
export async function openStorage(
  config: Config,
  log: Logger,
  patienceMs: number = databasePatienceMs,
): Promise<Storage> {
  const embedded =
    config.databaseUrl === null ? await startEmbeddedPostgres({ dataDir: config.dataDir, log }) : undefined;
  const storage = {
    database: connect(config, embedded?.connection, log),
    exclusive: embedded !== undefined,
    async close() {
      await storage.database.close();
      await embedded?.stop();
    },
  };
  try {
    const applied = await migrateWhenThere(config, storage.database, patienceMs, log);
    if (applied.length > 0) log.info({ migrations: applied }, "brought the database's schema up to date");
    return storage;
  } catch (error) {
    await storage.close();
    throw error;
  }
}

/** For operators' commands: joins a running node's embedded database, or opens what the settings name. */
export async function joinStorage(config: Config, log: Logger): Promise<Storage> {
  const running = config.databaseUrl === null ? await findRunningEmbeddedPostgres(config.dataDir) : undefined;
  if (!running) return openStorage(config, log);
  const database = connect(config, running, log);
  return { database, exclusive: false, close: () => database.close() };
}

async function migrateWhenThere(
  { databaseUrl, databaseDirectUrl }: Config,
  database: Database,
  patienceMs: number,
  log: Logger,
): Promise<string[]> {
  if (databaseUrl === null) return migrate(database);
  const pooled = { name: "DATABASE_URL", url: databaseUrl } as const;
  if (databaseDirectUrl === null) return reachDatabase(database, pooled, patienceMs, log, () => migrate(database));
  const direct = { name: "DATABASE_DIRECT_URL", url: databaseDirectUrl } as const;
  const applied = await reachDatabase(database, direct, patienceMs, log, () => migrate(database));
  // The migrations have gone past the pooler, which must be there too.
  await reachDatabase(database, pooled, patienceMs, log, () => readTime(database.sql));
  return applied;
}

function connect(config: Config, embedded: Connection | undefined, log: Logger): Database {
  if (embedded) return openDatabase({ connection: embedded, poolSize, log });
  if (config.databaseUrl === null) throw new Error("there is neither an embedded database nor a URL");
  return openDatabase({
    connection: { url: config.databaseUrl },
    ...(config.databaseDirectUrl !== null && { direct: { url: config.databaseDirectUrl } }),
    poolSize,
    log,
  });
}

import type { Config } from "../config/settings.ts";
import { findRunningEmbeddedPostgres, startEmbeddedPostgres } from "../embedded-postgres/embedded-postgres.ts";
import type { Logger } from "../runtime/logger.ts";
import { type Connection, type Database, openDatabase } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";

/** Connections of the pool: enough for the batches and readers of one node, few enough for twenty nodes. */
const poolSize = 12;

/** The database, with whatever had to be started for it. */
export interface Storage {
  readonly database: Database;
  /** Whether no other node can use this database: it lives in a folder that this process has locked. */
  readonly exclusive: boolean;
  close(): Promise<void>;
}

/** Opens the database that the settings name, or starts the embedded one, and brings its schema up to date. */
export async function openStorage(config: Config, log: Logger): Promise<Storage> {
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
    const applied = await migrate(storage.database);
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

/** A Node process with an embedded PostgreSQL, for tests to kill. Arguments: data directory, settings as JSON. */
import { createLogger } from "../runtime/logger.ts";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";

const [dataDir = "", settings = "{}"] = process.argv.slice(2);

const server = await startEmbeddedPostgres({
  dataDir,
  log: createLogger("silent", false),
  settings: JSON.parse(settings),
});
process.once("SIGTERM", () => void server.stop());
process.stdout.write(`${JSON.stringify(server.connection)}\n`);

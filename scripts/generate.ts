/** `npm run generate`: writes the files that are made from the code. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { readConfig } from "../src/config/read-config.ts";
import { startEmbeddedPostgres } from "../src/embedded-postgres/embedded-postgres.ts";
import { startNode } from "../src/main.ts";
import { documentedUrl, generatedFiles, openSocket } from "./generated-files.ts";

const log = pino({ level: "silent" });
const dataDir = await mkdtemp(join(tmpdir(), "punctual-generate-"));
const server = await startEmbeddedPostgres({ dataDir, log, settings: { fsync: "off" } });
const { host, port, user, database } = server.connection;
const url = `postgres:///${database}?host=${host}&port=${port}&user=${user}`;
const flags = { port: "0", "data-dir": dataDir, "database-url": url, "public-url": documentedUrl };
const node = await startNode(readConfig({}, flags), log);
const sql = openSocket(host, port, user, database);
for (const [path, content] of await generatedFiles(node.origin, sql)) {
  await writeFile(path, content);
  console.log(`wrote ${path}`);
}
await sql.end();
await node.stop(0);
await server.stop();
await rm(dataDir, { recursive: true, force: true });

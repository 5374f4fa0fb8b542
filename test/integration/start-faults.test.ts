/** Starts that fail: a sentence that names the setting to change, exit code 1, no stack and no password. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { readConfig } from "../../src/config/read-config.ts";
import { startNode } from "../../src/main.ts";
import { StartError } from "../../src/model/start-error.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { openDatabaseGate } from "../support/database-gate.ts";
import { keepLog } from "../support/log.ts";
import { failToStart } from "../support/processes.ts";

let folder: string;
let database: TestDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "punctual-faults-"));
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

function certificate(name: string): string {
  return fileURLToPath(new URL(`../support/certificates/${name}`, import.meta.url));
}

/** Starts a node as a process that is expected to give up, and checks what every such end has in common. */
async function faultOf(...flags: string[]): Promise<string> {
  const { exitCode, output } = await failToStart(folder, ["--log-level", "error", ...flags]);
  expect(output).not.toMatch(/^\s+at |s3cret/m);
  expect(exitCode).toBe(1);
  return output;
}

/** A port of this machine at which a server hangs up, or nobody listens once it is closed. */
async function takenPort(): Promise<{ port: number; free(): Promise<void> }> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  return { port: address.port, free: () => new Promise((resolve) => server.close(() => resolve())) };
}

test("a port that is taken, and an address that is not this machine's", { timeout: 60_000 }, async () => {
  const { port, free } = await takenPort();
  onTestFinished(free);
  const taken = await faultOf("--database-url", database.url, "--port", String(port));
  expect(taken).toMatch(new RegExp(`^The node cannot listen on http://127\\.0\\.0\\.1:${port}: .*--port`, "m"));
  const foreign = await faultOf("--database-url", database.url, "--host", "203.0.113.1");
  expect(foreign).toMatch(/203\.0\.113\.1:0: this machine has no such address.*--host/);
});

test("a database that refuses the user, or is none", { timeout: 60_000 }, async () => {
  const nobody = database.url.replace(/user=[^&]*/, "user=nobody_at_all");
  expect(await faultOf("--database-url", nobody)).toMatch(
    /^The database that DATABASE_URL \(host \/.*\) names refused the node: .*nobody_at_all.*Correct the user/m,
  );
  const absent = database.url.replace(/\/test_[0-9a-f]+/, "/no_such_database");
  expect(await faultOf("--database-url", absent)).toMatch(/no_such_database.*Create that database/);
});

test("a PostgreSQL that is too old", async () => {
  const old = await createTestDatabase();
  onTestFinished(() => old.drop());
  // The one way to have a new PostgreSQL say that it is old: a function that is found before its own.
  await old.sql`create function public.current_setting(text) returns text language sql as ${old.sql.unsafe("'select ''140011'''")}`;
  await old.sql`alter database ${old.sql(new URL(old.url).pathname.slice(1))} set search_path = public, pg_catalog`;
  expect(await faultOf("--database-url", old.url)).toMatch(/is too old; .*15 or newer.*DATABASE_URL/);
});

test("files for TLS that are missing, are none, or do not belong together", async () => {
  const text = join(folder, "text.pem");
  await writeFile(text, "hello");
  const tls = async (cert: string, key: string): Promise<string> => {
    const environment = { PUNCTUAL_TLS_CERT: cert, PUNCTUAL_TLS_KEY: key };
    const config = readConfig(environment, { port: "0", "data-dir": folder, "database-url": database.url });
    const failed: unknown = await startNode(config, pino({ level: "silent" })).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(StartError);
    return String(failed);
  };
  const [pem, key] = [certificate("trusted.pem"), certificate("trusted.key")];
  expect(await tls(join(folder, "none.pem"), key)).toMatch(/PUNCTUAL_TLS_CERT names .*none\.pem, .*ENOENT/);
  expect(await tls(text, key)).toMatch(/PUNCTUAL_TLS_CERT names .*text\.pem, which is not a certificate/);
  expect(await tls(pem, text)).toMatch(/PUNCTUAL_TLS_KEY names .*text\.pem, which is not a private key/);
  expect(await tls(pem, certificate("expired.key"))).toMatch(/PUNCTUAL_TLS_KEY .* is not the key of/);
});

test("a database that is away is waited for, with one line of log; then the start says which, where and why", async () => {
  const { port, free } = await takenPort();
  await free();
  const { log, messages } = keepLog();
  const url = `postgres://ada:s3cret@127.0.0.1:${port}/jobs`;
  const config = readConfig({}, { port: "0", "data-dir": folder, "database-url": url });
  const failed: unknown = await startNode(config, log, { databasePatienceMs: 500 }).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(StartError);
  expect(String(failed)).toMatch(
    new RegExp(`DATABASE_URL \\(host 127\\.0\\.0\\.1:${port}\\) names cannot be reached: .*ECONNREFUSED`),
  );
  expect(messages()).toEqual([expect.stringMatching(/cannot be reached yet; trying for up to 0\.5 s/)]);
  expect(String(failed) + messages().join()).not.toMatch(/ada|s3cret/);
});

test("a database that comes up while it is waited for is used", async () => {
  const gate = await openDatabaseGate(database);
  onTestFinished(() => gate.close());
  await gate.cut();
  let waiting: () => void = () => undefined;
  const waits = new Promise<void>((resolve) => {
    waiting = resolve;
  });
  const log = pino({ level: "warn" }, { write: () => waiting() });
  const config = readConfig({}, { port: "0", "data-dir": folder, "database-url": gate.url });
  const starting = startNode(config, log);
  await waits;
  await gate.mend();
  const node = await starting;
  onTestFinished(() => node.stop(0));
  expect((await fetch(`${node.origin}/readyz`)).status).toBe(200);
});

/** What a first start leaves behind, on whatever was left behind before. */
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import Type from "typebox";
import { Value } from "typebox/value";
import { expect, onTestFinished, test } from "vitest";
import { readConfig } from "../../src/config/read-config.ts";
import { type Node, startNode } from "../../src/main.ts";
import { newApiKey } from "../../src/model/api-key.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { sender } from "../support/http.ts";
import { countRows } from "../support/stored-rows.ts";

const Credentials = Type.Object(
  { baseUrl: Type.String(), customerCode: Type.String(), apiKey: Type.String() },
  { additionalProperties: false },
);

async function newDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  return database;
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "punctual-first-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function start(
  database: TestDatabase,
  dataDir: string,
  flags: Record<string, string> = {},
  log = pino({ level: "silent" }),
): Promise<Node> {
  const config = readConfig({}, { port: "0", "data-dir": dataDir, "database-url": database.url, ...flags });
  const node = await startNode(config, log, { services: "byHand" });
  onTestFinished(() => node.stop(0));
  return node;
}

async function credentialsIn(folder: string) {
  return Value.Parse(Credentials, JSON.parse(await readFile(join(folder, "credentials.json"), "utf8")));
}

async function letsIn(node: Node, credentials: { customerCode: string; apiKey: string }): Promise<boolean> {
  return (await sender({ origin: node.origin, ...credentials })("GET", "/users")).status === 200;
}

test("the credentials are the owner's alone, hold the origin, and work", async () => {
  const database = await newDatabase();
  const folder = await newFolder();
  const node = await start(database, folder, { "public-url": "https://jobs.example.com/" });
  expect((await stat(join(folder, "credentials.json"))).mode & 0o777).toBe(0o600);
  const credentials = await credentialsIn(folder);
  expect(credentials).toMatchObject({ baseUrl: "https://jobs.example.com", customerCode: "demo" });
  expect(await letsIn(node, credentials)).toBe(true);
  expect(await readdir(folder)).toEqual(["credentials.json"]);
});

test("a restart and a second node leave credentials and customer as they are", async () => {
  const database = await newDatabase();
  const [folder, another] = [await newFolder(), await newFolder()];
  const first = await start(database, folder);
  const before = await credentialsIn(folder);
  await first.stop(0);
  const again = await start(database, folder);
  const second = await start(database, another);
  expect(await credentialsIn(folder)).toEqual({ ...before, baseUrl: again.origin });
  expect(await readdir(another)).toEqual([]);
  expect([await letsIn(again, before), await letsIn(second, before)]).toEqual([true, true]);
  expect(await countRows(database)).toMatchObject({ customer: 1, app_user: 1, api_key: 1 });
});

test("the credentials name where the node really listens; another address later changes that field alone", async () => {
  const database = await newDatabase();
  const folder = await newFolder();
  const file = join(folder, "credentials.json");
  const first = await start(database, folder);
  const made = await credentialsIn(folder);
  expect(made.baseUrl).toBe(first.origin);
  expect((await fetch(`${made.baseUrl}/healthz`)).status).toBe(200);
  await first.stop(0);

  await writeFile(file, JSON.stringify({ note: "mine", ...made }));
  const moved = await start(database, folder, { "public-url": "https://jobs.example.com" });
  expect(JSON.parse(await readFile(file, "utf8"))).toEqual({
    note: "mine",
    ...made,
    baseUrl: "https://jobs.example.com",
  });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await (await fetch(`${moved.origin}/openapi.json`)).json()).toMatchObject({
    servers: [{ url: "https://jobs.example.com" }],
  });
  await start(database, folder, { roles: "worker" });
  expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ baseUrl: "https://jobs.example.com" });
  expect(await readdir(folder)).toEqual(["credentials.json"]);
});

test("each start says where it is, once, and how to sign in as long as the credentials are there; the first with a link", async () => {
  const database = await newDatabase();
  const folder = await newFolder();
  const file = join(folder, "credentials.json");
  const said = async (isFirst = false): Promise<string[]> => {
    const lines: string[] = [];
    const log = pino({ level: "info" }, { write: (line: string) => void lines.push(line) });
    const node = await start(database, folder, {}, log);
    const greetings = lines.filter((line) => line.includes(node.origin));
    expect(greetings[0]).toContain(`Punctual is ready at ${node.origin}/ (API ${node.origin}/vue/_api/v1,`);
    expect(greetings.slice(1).map((line) => /\/sign-in#pns_\w+/.test(line))).toEqual(isFirst ? [true] : []);
    await node.stop(0);
    return lines;
  };
  for (const isFirst of [true, false]) {
    expect((await said(isFirst)).join("")).toContain(`sign in as customer demo with the key in ${file}`);
  }
  await rm(file);
  expect((await said()).join("")).not.toMatch(/credentials|sign in|demo/);
  expect(await readdir(folder)).toEqual([]);
});

test("several nodes that start at once on an empty database make one customer, with one key that works", async () => {
  const database = await newDatabase();
  const folders = await Promise.all([newFolder(), newFolder(), newFolder()]);
  const nodes = await Promise.all(folders.map((folder) => start(database, folder)));
  expect(await countRows(database)).toMatchObject({ customer: 1, app_user: 1, api_key: 1, audit_event: 1 });
  const left = await Promise.all(folders.map((folder) => readdir(folder)));
  expect(left.flat()).toEqual(["credentials.json"]);
  const owner = folders[left.findIndex((names) => names.length > 0)] ?? "";
  for (const node of nodes) expect(await letsIn(node, await credentialsIn(owner))).toBe(true);
});

test("also where they share one folder", async () => {
  const database = await newDatabase();
  const folder = await newFolder();
  const nodes = await Promise.all([1, 2, 3].map(() => start(database, folder)));
  expect(await countRows(database)).toMatchObject({ customer: 1, api_key: 1 });
  expect(await readdir(folder)).toEqual(["credentials.json"]);
  for (const node of nodes) expect(await letsIn(node, await credentialsIn(folder))).toBe(true);
});

test("a start that was killed before its key was committed is made up for", async () => {
  const database = await newDatabase();
  const folder = await newFolder();
  const lost = { baseUrl: "http://127.0.0.1:1", customerCode: "demo", apiKey: newApiKey().key };
  await writeFile(join(folder, "credentials.json.pending-lost"), JSON.stringify(lost), { mode: 0o600 });
  const node = await start(database, folder);
  expect(await readdir(folder)).toEqual(["credentials.json"]);
  expect((await credentialsIn(folder)).apiKey).not.toBe(lost.apiKey);
  expect(await letsIn(node, await credentialsIn(folder))).toBe(true);
});

test("a start that was killed right after its key was committed is finished by the next", async () => {
  const database = await newDatabase();
  const folder = await newFolder();
  const first = await start(database, folder);
  await first.stop(0);
  const text = await readFile(join(folder, "credentials.json"), "utf8");
  await rm(join(folder, "credentials.json"));
  await writeFile(join(folder, "credentials.json.pending-killed"), text, { mode: 0o600 });
  await start(database, folder, { "public-url": first.origin });
  expect(await readFile(join(folder, "credentials.json"), "utf8")).toBe(text);
  expect(await readdir(folder)).toEqual(["credentials.json"]);
});

test("a pending key that was never committed does not become the credentials of a database that others have begun", async () => {
  const database = await newDatabase();
  const [folder, another] = [await newFolder(), await newFolder()];
  await start(database, another);
  for (const text of [JSON.stringify({ apiKey: newApiKey().key }), "{", ""]) {
    await writeFile(join(folder, "credentials.json.pending-old"), text);
    await start(database, folder);
    expect(await readdir(folder)).toEqual([]);
  }
});

test("a folder that cannot be written says so, and makes no customer whose key nobody has", async () => {
  const database = await newDatabase();
  const folder = await newFolder();
  const file = join(folder, "file");
  await writeFile(file, "");
  await chmod(file, 0o400);
  await expect(start(database, join(file, "below"))).rejects.toThrow(/(ENOTDIR|EACCES).*--data-dir/);
  expect(await countRows(database)).toMatchObject({ customer: 0, api_key: 0 });
});

test("a schema that needs newer code is refused by name; one that is merely newer is served", async () => {
  const database = await newDatabase();
  const folder = await newFolder();
  await (await start(database, folder)).stop(0);
  await database.sql`insert into schema_version (version, name, needs_code) values (9998, '9998-newer.sql', 1)`;
  const node = await start(database, folder);
  expect(await letsIn(node, await credentialsIn(folder))).toBe(true);
  await node.stop(0);
  await database.sql`insert into schema_version (version, name, needs_code) values (9999, '9999-too-new.sql', 9999)`;
  await expect(start(database, folder)).rejects.toThrow(
    /schema is at version 9999 and needs .* schema 9999 or newer.*Update this node/,
  );
});

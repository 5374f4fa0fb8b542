import { spawnSync } from "node:child_process";
import { chmod, cp, lstat, mkdir, readdir, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { findPackageFolder } from "./binaries.ts";
import { findRunningEmbeddedPostgres } from "./embedded-postgres.ts";
import {
  connectionOf,
  copyDatabaseTo,
  eventually,
  killNow,
  makeFolder,
  prepareSharedDatabase,
  query,
  quick,
  sharedDatabase,
  spawnNode,
  start,
} from "./test-support.ts";

prepareSharedDatabase();

const isRoot = process.getuid?.() === 0;
const isLinux = process.platform === "linux";
const mayUnshare = isLinux && spawnSync("unshare", ["--net", "true"]).status === 0;

describe("a data directory", () => {
  test("keeps its data from one start to the next, private and durable by default", async () => {
    const dataDir = join(await makeFolder(), "data");
    const starting = start(dataDir, { settings: {} });
    await eventually(async () => (await readdir(join(dataDir, "pg")).catch(() => [])).length > 0);
    const found = await findRunningEmbeddedPostgres(dataDir);
    const first = await starting;
    expect(first.created).toBe(true);
    expect(found, "found, and waited for, while it was starting").toEqual(first.connection);
    await query(first.connection, async (sql) => {
      await sql`create table kept as select 42 as answer`;
      const [settings] = await sql`
        select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
               current_setting('listen_addresses') as addresses, getdatabaseencoding() as encoding`;
      expect(settings).toEqual({ fsync: "on", commit: "on", addresses: "", encoding: "UTF8" });
    });
    expect((await stat(first.connection.host)).mode & 0o777).toBe(0o700);
    await first.stop();

    const second = await start(dataDir, { settings: { max_connections: "300" } });
    expect(second.created).toBe(false);
    await query(second.connection, async (sql) => {
      expect(await sql`select answer from kept`).toEqual([{ answer: 42 }]);
      expect(await sql`show max_connections`).toEqual([{ max_connections: "300" }]);
    });
  });

  test("has one owner; others are told who, and can find its server", async () => {
    const dataDir = sharedDatabase();
    expect(await findRunningEmbeddedPostgres(dataDir)).toBeUndefined();
    const owner = spawnNode(dataDir);
    const connection = await connectionOf(owner);

    await expect(start(dataDir)).rejects.toThrow(
      `Another Punctual node (process ${owner.pid}) already uses this data directory: ${dataDir}\n` +
        "Stop it, or give this one its own --data-dir, or point both at one PostgreSQL with DATABASE_URL.",
    );
    expect(await findRunningEmbeddedPostgres(dataDir)).toEqual(connection);
    expect(await query(connection, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);

    owner.kill("SIGTERM");
    await eventually(async () => (await findRunningEmbeddedPostgres(dataDir)) === undefined);
  });

  test.runIf(mayUnshare)("is refused where its owner is another container's", async () => {
    const owner = spawnNode(sharedDatabase(), quick, ["unshare", "--net"]);
    const connection = await connectionOf(owner);
    await expect(start(sharedDatabase())).rejects.toThrow(
      /A Punctual node that cannot be seen from here.*\n.*DATABASE_URL/,
    );
    expect(await query(connection, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
  });

  test("refuses a second start in the same process, and leaves the first alone", async () => {
    const dataDir = sharedDatabase();
    const first = await start(dataDir);
    await expect(start(dataDir)).rejects.toThrow(`(process ${process.pid})`);
    expect(await query(first.connection, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
  });

  test("does not disturb its neighbours", async () => {
    const folder = await makeFolder();
    const [a, b] = await Promise.all([start(sharedDatabase()), start(folder)]);
    await a.stop();
    expect(await query(b.connection, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
  });

  test("of another PostgreSQL version is refused", async () => {
    const file = join(sharedDatabase(), "pg", "data", "PG_VERSION");
    const version = await readFile(file, "utf8");
    onTestFinished(() => writeFile(file, version));
    await writeFile(file, "17\n");
    await expect(start(sharedDatabase())).rejects.toThrow(
      /was made by PostgreSQL 17, and this Punctual brings PostgreSQL 18/,
    );
  });

  test("may have a path longer than a socket's; the folder used instead is checked for intruders", async () => {
    const dataDir = join(await makeFolder(), "long".repeat(30));
    await copyDatabaseTo(dataDir);
    const first = await start(dataDir);
    expect(first.connection.host.length).toBeLessThan(85);
    expect((await stat(first.connection.host)).mode & 0o777).toBe(0o700);
    expect(await findRunningEmbeddedPostgres(dataDir)).toEqual(first.connection);
    await first.stop();
    await expect(stat(first.connection.host)).rejects.toThrow("ENOENT");

    const owner = spawnNode(dataDir);
    const opened = (await connectionOf(owner)).host;
    onTestFinished(() => rm(opened, { recursive: true, force: true }));
    await killNow(owner);
    await chmod(opened, 0o777);
    const second = await start(dataDir);
    expect(second.connection.host).not.toBe(opened);
  });

  test.runIf(isRoot)("that PostgreSQL's user cannot reach links to one that it can", async () => {
    const folder = await makeFolder();
    const dataDir = join(folder, "closed", "data");
    await mkdir(join(folder, "closed"), { mode: 0o700 });
    await (await start(dataDir)).stop();
    const elsewhere = await readlink(join(dataDir, "pg"));
    const second = await start(dataDir);
    expect(second.created).toBe(false);
    await second.stop();

    await rm(join(elsewhere, ".."), { recursive: true, force: true });
    await expect(start(dataDir)).rejects.toThrow(`lies in ${elsewhere}, and that folder is gone`);
  });
});

describe("the bundled software", () => {
  test("runs although its install script did not, and where PostgreSQL's user cannot reach it", async () => {
    const folder = await makeFolder();
    const packageFolder = await copyPackageWithoutLinks(join(folder, "package"));
    const lib = join(packageFolder, "native", "lib");
    onTestFinished(() => chmod(lib, 0o755));
    await chmod(lib, 0o555);
    const first = await start(sharedDatabase(), { packageFolder });
    expect(await query(first.connection, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
    await first.stop();

    await chmod(folder, 0o700);
    const second = await start(sharedDatabase(), { packageFolder });
    expect(await query(second.connection, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
  });

  test("is missed with a remedy on a platform that has none", () => {
    expect(() => findPackageFolder("sunos", "sparc")).toThrow(/no bundled PostgreSQL for sunos.*\n.*DATABASE_URL/);
  });

  test("that cannot start says why, and what to do", async () => {
    const dataDir = sharedDatabase();
    const settings = { ...quick, shared_buffers: "100000GB" };
    await expect(start(dataDir, { settings })).rejects.toThrow(
      /could not start\. It said: .*shared_buffers.*\n.*DATABASE_URL/s,
    );
    expect((await start(dataDir)).created).toBe(false);
  });
});

async function copyPackageWithoutLinks(target: string): Promise<string> {
  await cp(findPackageFolder(), target, {
    recursive: true,
    filter: async (path) => !(await lstat(path)).isSymbolicLink(),
  });
  return target;
}

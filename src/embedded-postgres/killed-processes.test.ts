import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findRunningEmbeddedPostgres, type ServerState } from "./embedded-postgres.ts";
import {
  connectionOf,
  eventually,
  guardsOf,
  isAlive,
  killNow,
  makeFolder,
  postmasterOf,
  prepareSharedDatabase,
  query,
  sharedDatabase,
  spawnNode,
  start,
} from "./test-support.ts";

prepareSharedDatabase();

describe.runIf(process.platform === "linux")("when processes are killed", () => {
  test("the server ends with its node, and the next start has all that was acknowledged", async () => {
    const dataDir = sharedDatabase();
    const node = spawnNode(dataDir, {});
    const connection = await connectionOf(node);
    await query(connection, (sql) => sql`create table after_node as select 42 as answer`);
    const postmaster = await postmasterOf(dataDir);

    await killNow(node);
    await eventually(async () => !(await isAlive(postmaster)));

    const next = await start(dataDir, { settings: {} });
    expect(await query(next.connection, (sql) => sql`select answer from after_node`)).toEqual([{ answer: 42 }]);
  });

  test("a server that outlives node and guard is stopped by the next start, and nothing acknowledged is lost", async () => {
    const dataDir = sharedDatabase();
    const node = spawnNode(dataDir, {});
    const connection = await connectionOf(node);
    const postmaster = await postmasterOf(dataDir);
    await query(connection, (sql) => sql`create table numbers (n int)`);
    const acknowledged: number[] = [];
    const inserting = query(connection, async (sql) => {
      for (let n = 0; ; n += 1) {
        await sql`insert into numbers values (${n})`;
        acknowledged.push(n);
      }
    }).catch(() => undefined);
    await eventually(async () => acknowledged.length > 20);

    // Frozen first: a node that saw its guard die would start another.
    node.kill("SIGSTOP");
    for (const pid of await guardsOf(postmaster)) process.kill(pid, "SIGKILL");
    await killNow(node);
    const before = acknowledged.length;
    await eventually(async () => acknowledged.length > before);
    expect(await isAlive(postmaster)).toBe(true);

    const next = await start(dataDir, { settings: {} });
    expect(await isAlive(postmaster)).toBe(false);
    await inserting;
    const rows = await query(next.connection, (sql) => sql<{ n: number }[]>`select n from numbers`);
    expect(rows.map((row) => row.n)).toEqual(expect.arrayContaining(acknowledged));
  });

  test("a first start leaves nothing half-made", async () => {
    const dataDir = await makeFolder();
    const home = join(dataDir, "pg");
    const halfMade = async () => (await readdir(home).catch(() => [])).filter((name) => name.startsWith("data.new-"));
    const node = spawnNode(dataDir);
    await eventually(async () => (await halfMade()).length > 0);
    await killNow(node);
    expect(await readdir(home)).not.toContain("data");

    const next = await start(dataDir);
    expect(next.created).toBe(true);
    await eventually(async () => (await halfMade()).length === 0);
  });

  test("a server that dies by itself runs again", async () => {
    const dataDir = sharedDatabase();
    const states: ServerState[] = [];
    const server = await start(dataDir, { settings: {}, onState: (state) => void states.push(state) });
    await query(server.connection, (sql) => sql`create table after_crash as select 42 as answer`);

    process.kill(await postmasterOf(dataDir), "SIGKILL");
    await eventually(async () => states.includes("running"));

    expect(states).toEqual(["restarting", "running"]);
    expect(await query(server.connection, (sql) => sql`select answer from after_crash`)).toEqual([{ answer: 42 }]);
  });

  test("a server whose guard was killed is replaced, not doubled", async () => {
    const dataDir = sharedDatabase();
    const states: ServerState[] = [];
    const server = await start(dataDir, { onState: (state) => void states.push(state) });
    const postmaster = await postmasterOf(dataDir);

    for (const pid of await guardsOf(postmaster)) process.kill(pid, "SIGKILL");
    await eventually(async () => states.includes("running"));

    expect(await isAlive(postmaster)).toBe(false);
    expect(await query(server.connection, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
  });

  test("a server can be stopped while it is between two runs", async () => {
    const dataDir = sharedDatabase();
    let stopped: Promise<void> | undefined;
    const server = await start(dataDir, {
      onState(state) {
        if (state === "restarting") stopped = server.stop();
      },
    });
    process.kill(await postmasterOf(dataDir), "SIGKILL");
    await eventually(async () => stopped !== undefined);
    await stopped;
    expect(await findRunningEmbeddedPostgres(dataDir)).toBeUndefined();
    await expect(lstat(join(dataDir, "pg", "data", "postmaster.pid"))).rejects.toThrow("ENOENT");
  });
});

/** The keys that secrets are encrypted with: made, changed, lost, and rows that somebody altered. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { readConfig } from "../../src/config/read-config.ts";
import { rotateSecrets } from "../../src/domain/rotate-secrets.ts";
import { newSecretKey, parseSecretKeys } from "../../src/model/secret-box.ts";
import { createClock } from "../../src/runtime/clock.ts";
import { openSecretKeys } from "../../src/startup/secret-keys.ts";
import { fakeClock } from "../support/clock.ts";
import { addCustomer } from "../support/customers.ts";
import { keepLog } from "../support/log.ts";
import { openTestNode, startTestNode, type TestNode } from "../support/nodes.ts";
import { createPlays, type Play } from "../support/waiting-job-types.ts";

const script = fileURLToPath(new URL("../../src/cli/punctual.ts", import.meta.url));
const log = pino({ level: "silent" });

async function run(node: TestNode, code: string) {
  const { jobId } = await node.api.jobTypes.execute("echo", { params: { a: `{{secrets.${code}}}` } });
  return node.api.jobs.get(jobId, { waitSeconds: 30 });
}

function withKeys(...keys: string[]) {
  return { environment: { PUNCTUAL_SECRET_KEY: keys.join(",") } };
}

/** Runs the command line, with a text for its standard input. */
function punctual(environment: Record<string, string>, args: string[], input = "") {
  return new Promise<{ code: number; out: string; error: string }>((resolve) => {
    const env = { PATH: process.env.PATH, ...environment };
    const command = ["--import", "tsx", script, ...args];
    const child = execFile(process.execPath, command, { env }, (error, out, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, out, error: stderr });
    });
    child.stdin?.end(input);
  });
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "punctual-keys-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

let shared: Awaited<ReturnType<typeof openTestNode>>;
beforeAll(async () => {
  shared = await openTestNode();
});
afterAll(() => shared.close());

test("keys change: the new one first, rotate, then the old one goes", async () => {
  const [before, after] = [newSecretKey(), newSecretKey()];
  const first = await startTestNode(withKeys(before));
  const other = await addCustomer(first, "other");
  const codes = Array.from({ length: 60 }, (_, index) => `s${index}`);
  for (const code of codes)
    await first.api.secrets.put(code, { value: `value of ${code}`, hosts: ["api.example.com"] });
  const updatedAt = (await first.api.secrets.get("s0")).secret.updatedAt;
  await first.database.sql`
    insert into secret select 'other', 'moved', key_id, nonce, ciphertext, hosts, created_at, updated_at, updated_by
      from secret where secret_code = 's0'`;

  const both = await startTestNode({ with: first, ...withKeys(after, before), flags: { roles: "worker,api" } });
  await both.api.secrets.put("new", { value: "under the new key" });
  const environment = {
    DATABASE_URL: first.database.url,
    PUNCTUAL_SECRET_KEY: `${after},${before}`,
    PUNCTUAL_DATA_DIR: await makeFolder(),
  };
  const rotated = await punctual(environment, ["secrets", "rotate"]);
  expect(JSON.parse(rotated.out)).toEqual({
    rotated: 60,
    states: 0,
    unreadable: [
      { customerCode: other.customerCode, name: "moved", reason: expect.stringContaining("altered or moved") },
    ],
  });
  expect(rotated.code).toBe(1);
  await first.database.sql`delete from secret where secret_code = 'moved'`;
  const again = await rotateSecrets(first.context.database, createClock(), parseSecretKeys(`${after},${before}`));
  expect(again).toEqual({ rotated: 0, states: 0, unreadable: [] });
  expect(await first.database.sql`select distinct key_id from secret`).toHaveLength(1);
  await first.stop(0);
  await both.stop(0);

  const last = await startTestNode({ with: first, ...withKeys(after) });
  expect(await run(last, "s59")).toMatchObject({ status: "COMPLETED", result: { a: "***" } });
  expect((await last.api.secrets.get("s0")).secret).toMatchObject({ updatedAt, hosts: ["api.example.com"] });
  const events = await last.database.sql`select actor from audit_event where action = 'secret.rotate'`;
  expect(events).toHaveLength(60);
  expect(events[0]).toEqual({ actor: "operator" });
}, 60_000);

test("writers that come while keys change are not in the way, and are not lost", async () => {
  const [before, after] = [newSecretKey(), newSecretKey()];
  const node = await startTestNode(withKeys(after, before));
  const { sql } = node.database;
  for (let index = 0; index < 60; index += 1) await node.api.secrets.put(`s${index}`, { value: `first ${index}` });
  const keys = parseSecretKeys(`${before},${after}`);
  const [rotation] = await Promise.all([
    rotateSecrets(node.context.database, createClock(), keys),
    ...Array.from({ length: 60 }, (_, index) =>
      node.api.secrets.put(`s${59 - index}`, { value: `second ${59 - index}` }),
    ),
  ]);
  expect(rotation.unreadable).toEqual([]);
  const found = await node.context.database.sql<{ count: number }>`select count(*)::integer as count from secret`;
  expect(found).toEqual([{ count: 60 }]);
  const { jobId } = await node.api.jobTypes.execute("echo", {
    params: { texts: Array.from({ length: 60 }, (_, index) => `{{secrets.s${index}}}`), compare: "second 7, first 7" },
  });
  // The mask knows the values that the job was given: those of the second writers.
  expect(await node.api.jobs.get(jobId, { waitSeconds: 30 })).toMatchObject({ result: { compare: "***, first 7" } });
  expect(await sql`select 1 from audit_event where action = 'secret.update'`).toHaveLength(60);
});

test("without the key a job fails by the secret's name, before anything else, and the node says so when it starts", async () => {
  const node = await startTestNode(withKeys(newSecretKey()));
  await node.api.secrets.put("locked", { value: "behind the old key" });
  const kept = keepLog();
  const without = await startTestNode({ with: node, ...withKeys(newSecretKey()), log: kept.log });
  expect(kept.messages()).toContainEqual(expect.stringContaining("PUNCTUAL_SECRET_KEY"));
  await node.stop(0);
  expect(await run(without, "locked")).toMatchObject({
    status: "FAILED",
    error: {
      code: "SECRET_UNREADABLE",
      retryable: false,
      message: expect.stringMatching(/^The secret locked cannot be read: .*PUNCTUAL_SECRET_KEY/),
      details: { secretCode: "locked" },
    },
  });
  const none = await startTestNode({ with: node, ...withKeys("") });
  await without.stop(0);
  expect(await run(none, "locked")).toMatchObject({ error: { code: "SECRET_UNREADABLE" } });
});

test.each<[string, string]>([
  ["its text", "ciphertext = set_byte(ciphertext, 0, get_byte(ciphertext, 0) # 1)"],
  [
    "its tag",
    "ciphertext = set_byte(ciphertext, length(ciphertext) - 1, get_byte(ciphertext, length(ciphertext) - 1) # 1)",
  ],
  ["its end", "ciphertext = substring(ciphertext from 1 for length(ciphertext) - 1)"],
  ["all of it", "ciphertext = ''"],
  ["its nonce", "nonce = set_byte(nonce, 3, get_byte(nonce, 3) # 1)"],
  ["no nonce", "nonce = ''"],
  ["its hosts", "hosts = array['evil.example']"],
  ["its hosts, which are no more", "hosts = null"],
  ["its code", "secret_code = 'renamed'"],
])("a row that was altered does not decrypt: %s", async (what, change) => {
  const code = `altered-${what.replaceAll(/[ ,]/g, "-")}`;
  await shared.api.secrets.put(code, { value: "as it was written", hosts: ["api.example.com"] });
  expect(await run(shared, code)).toMatchObject({ status: "COMPLETED" });
  await shared.database.sql.unsafe(`update secret set ${change} where secret_code = '${code}'`);
  expect(await run(shared, change.includes("renamed") ? "renamed" : code)).toMatchObject({
    status: "FAILED",
    error: { code: "SECRET_UNREADABLE", message: expect.stringContaining("altered or moved") },
  });
});

test("the same value is never stored as the same bytes", async () => {
  for (const code of ["same-a", "same-b", "same-c"]) await shared.api.secrets.put(code, { value: "the same value" });
  await shared.api.secrets.put("same-c", { value: "the same value" });
  expect(await shared.database.sql`select distinct nonce from secret where secret_code like 'same-%'`).toHaveLength(3);
  expect(
    await shared.database.sql`select distinct ciphertext from secret where secret_code like 'same-%'`,
  ).toHaveLength(3);
});

test("what a waiting job keeps is encrypted anew with the secrets", async () => {
  const [before, after] = [newSecretKey(), newSecretKey()];
  const keep: Play = async (ctx, { until, token }) => {
    if (ctx.state === null) return ctx.sleepUntil(new Date(String(until)), { token });
    return { isSame: JSON.stringify(ctx.state) === JSON.stringify({ token }) };
  };
  const { types } = createPlays({ keep });
  const node = await startTestNode({ ...withKeys(before), testJobTypes: types });
  const clock = fakeClock(node.database);
  await node.api.secrets.put("kept", { value: "kept-between-runs" });
  const until = new Date(Date.now() + 60_000).toISOString();
  const params = { play: "keep", until, token: "{{secrets.kept}}" };
  const { jobId } = await node.api.jobTypes.execute("parent", { params });
  await expect.poll(async () => (await node.api.jobs.get(jobId)).phase).toBe("WAITING");
  const rotation = await rotateSecrets(node.context.database, createClock(), parseSecretKeys(`${after},${before}`));
  expect(rotation).toEqual({ rotated: 1, states: 1, unreadable: [] });
  await node.stop(0);
  const second = await startTestNode({ with: node, ...withKeys(after), testJobTypes: types });
  await clock.set(new Date(Date.now() + 61_000));
  await second.run("resume-jobs");
  expect(await second.api.jobs.get(jobId, { waitSeconds: 30 })).toMatchObject({ result: { isSame: true } });
});

test("the embedded database makes its key once, for its owner alone, and reads it behind one that is set", async () => {
  const folder = await makeFolder();
  const embedded = { "data-dir": folder };
  const made = await openSecretKeys(readConfig({}, embedded), shared.context.database, log);
  const again = await openSecretKeys(readConfig({}, embedded), shared.context.database, log);
  expect(made).toHaveLength(1);
  expect(again.map(({ id }) => id)).toEqual(made.map(({ id }) => id));
  expect((await stat(join(folder, "secret.key"))).mode & 0o777).toBe(0o600);
  const set = newSecretKey();
  const both = await openSecretKeys(readConfig({ PUNCTUAL_SECRET_KEY: set }, embedded), shared.context.database, log);
  expect(both.map(({ id }) => id)).toEqual([...parseSecretKeys(set), ...made].map(({ id }) => id));
  await writeFile(join(folder, "secret.key"), "not a key");
  const broken = openSecretKeys(readConfig({}, embedded), shared.context.database, log);
  await expect(broken).rejects.toThrow(/secret\.key holds no key/);
  expect(await readFile(join(folder, "secret.key"), "utf8")).toBe("not a key");
  const elsewhere = join(await makeFolder(), "fresh");
  await mkdir(elsewhere);
  const external = readConfig({ DATABASE_URL: shared.database.url }, { "data-dir": elsewhere });
  expect(await openSecretKeys(external, shared.context.database, log)).toEqual([]);
});

test.each([
  ["short", "it must be 32 random bytes"],
  [randomBytes(31).toString("base64"), "it must be"],
  [`${newSecretKey()},`, "key 2 must be"],
  ["g".repeat(64), "it must be"],
  [`${Buffer.alloc(32, 7).toString("base64")},${Buffer.alloc(32, 7).toString("hex")}`, "key 2 is there twice"],
])("the setting %j is refused when a node starts, without being repeated", (text, told) => {
  const read = () => readConfig({ PUNCTUAL_SECRET_KEY: text });
  expect(read).toThrow(told);
  expect(read).not.toThrow(text.slice(0, 20));
});

test("the command line sets from standard input, lists and deletes", async () => {
  const environment = { PUNCTUAL_DATA_DIR: shared.dataDir };
  const at = ["--base-url", shared.origin];
  const set = await punctual(
    environment,
    ["secrets", "set", "FROM_CLI", "--hosts", "a.example, *.b.example", ...at],
    "piped-value\n",
  );
  expect(set).toMatchObject({ code: 0, error: "", out: expect.not.stringContaining("piped-value") });
  expect(JSON.parse(set.out)).toMatchObject({ secretCode: "FROM_CLI", hosts: ["a.example", "*.b.example"] });
  expect(await run(shared, "FROM_CLI")).toMatchObject({ result: { a: "***" } });
  const [listed, nothing] = await Promise.all([
    punctual(environment, ["secrets", "list", ...at]),
    punctual(environment, ["secrets", "set", "EMPTY", ...at], "\n"),
  ]);
  const lines = listed.out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toContainEqual(expect.objectContaining({ secretCode: "FROM_CLI" }));
  expect(nothing).toMatchObject({ code: 1, error: expect.stringContaining("no value") });
  expect(await punctual(environment, ["secrets", "delete", "FROM_CLI", ...at])).toMatchObject({ code: 0, out: "" });
  expect((await shared.api.secrets.list()).secrets.map((one) => one.secretCode)).not.toContain("FROM_CLI");
}, 60_000);

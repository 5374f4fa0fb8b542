import { access } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isAlive, postmasterOf } from "../../src/embedded-postgres/test-support.ts";
import { failToStart, startByNpm, startNodeProcess } from "../support/processes.ts";

test("an idle node stops at once on SIGTERM, exits 0 and leaves no PostgreSQL", async () => {
  const node = await startNodeProcess();
  const postmaster = await postmasterOf(node.dataDir);
  expect(await isAlive(postmaster)).toBe(true);

  const from = performance.now();
  expect(await node.terminate()).toBe(0);

  expect(performance.now() - from).toBeLessThan(10_000);
  expect(await isAlive(postmaster)).toBe(false);
  await expect(access(join(node.dataDir, "pg", "data", "postmaster.pid"))).rejects.toThrow("ENOENT");
  expect(node.log.filter((line) => /"level":[456]0/.test(line))).toEqual([]);
});

test.each<[string, (npm: number) => number, NodeJS.Signals]>([
  ["SIGTERM to npm alone, as a supervisor sends it", (npm) => npm, "SIGTERM"],
  ["SIGTERM to npm's process group, as docker and systemd send it", (npm) => -npm, "SIGTERM"],
  ["SIGINT to npm's process group, as Ctrl-C in a terminal sends it", (npm) => -npm, "SIGINT"],
])("npm start: %s stops the node in order", async (_name, target, signal) => {
  const npm = await startByNpm();
  const postmaster = await postmasterOf(npm.dataDir);

  process.kill(target(npm.pid), signal);

  expect(await npm.exitCode).toBe(0);
  expect(npm.log.filter((line) => line.includes('"msg":"stopped"'))).toHaveLength(1);
  expect(await isAlive(postmaster)).toBe(false);
});

test("npm start: signals that come while the node stops change nothing", async () => {
  const npm = await startByNpm();
  const postmaster = await postmasterOf(npm.dataDir);
  // A kept-alive connection, which the stopping node gives a second to move on.
  expect((await fetch(`${npm.origin}/healthz`)).status).toBe(200);

  process.kill(-npm.pid, "SIGINT");
  const isStopping = (): boolean => npm.log.some((line) => line.includes('"msg":"stopping'));
  await expect.poll(isStopping, { interval: 5 }).toBe(true);
  process.kill(-npm.pid, "SIGINT");
  process.kill(-npm.pid, "SIGTERM");

  expect(await npm.exitCode).toBe(0);
  expect(npm.log.filter((line) => line.includes('"msg":"stopped"'))).toHaveLength(1);
  expect(await isAlive(postmaster)).toBe(false);
});

test("a second node is refused the data directory, and the port, of the first: it says so and exits 1", async () => {
  const first = await startNodeProcess();
  const second = await failToStart(first.dataDir);
  expect(second.exitCode).toBe(1);
  expect(second.output).toContain(first.dataDir);
  expect(second.output).toMatch(/already|another node|uses/i);
  expect(second.output).not.toMatch(/^\s+at /m);

  const port = new URL(first.origin).port;
  const third = await failToStart(join(first.dataDir, "second"), ["--port", port]);
  expect(third.exitCode).toBe(1);
  expect(third.output).toContain(port);
  await expect(access(join(first.dataDir, "second", "pg", "data", "postmaster.pid"))).rejects.toThrow("ENOENT");
  expect((await fetch(`${first.origin}/readyz`)).status).toBe(200);
});

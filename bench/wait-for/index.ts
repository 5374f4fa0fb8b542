/**
 * Calls that wait for work at the other end, many at once on few slots, and the memory of their node:
 * `npm run bench -- wait-for [--jobs 1000] [--slots 10] [--polls 3]`.
 *
 * Every job sends a request, is told 202, and asks each second until the work is done. All are there before the first is claimed.
 */
import { createServer } from "node:http";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { readFlags } from "../support/flags.ts";
import { machine, nodeVersion } from "../support/peers.ts";
import { startPostgres } from "../support/postgres.ts";
import { startBenchNode } from "../support/punctual.ts";
import { inWorkplace } from "../support/workplace.ts";

const flags = readFlags({ jobs: 1_000, slots: 10, polls: 3 });
const mebibyte = 1024 * 1024;

setFlagsFromString("--expose-gc");
const collectGarbage: unknown = runInNewContext("gc");

/** MiB of heap that are really held. */
function held(): string {
  if (typeof collectGarbage === "function") collectGarbage();
  return `${(process.memoryUsage().heapUsed / mebibyte).toFixed(1)} MiB`;
}

const asked = new Map<string, number>();
const server = createServer((request, response) => {
  const { url = "", method } = request;
  request.resume();
  if (method === "POST") return void response.writeHead(202, { location: `/done${url}` }).end();
  const times = (asked.get(url) ?? 0) + 1;
  asked.set(url, times);
  response.writeHead(times < flags.polls ? 202 : 200, { "content-type": "application/json" }).end('{"ok":true}');
});

await inWorkplace(async (workplace) => {
  const postgres = await startPostgres(workplace);
  const database = await postgres.createDatabase("bench");
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const bench = await startBenchNode({
    databaseUrl: database.url,
    slots: flags.slots,
    egressAllow: "127.0.0.0/8",
  });
  console.log(`${machine()}\nNode ${nodeVersion(process.execPath)}`);
  const waitFor = { intervalSeconds: 1 };
  for (let at = 0; at < flags.jobs; at++) {
    const url = `http://127.0.0.1:${address.port}/${at}`;
    await bench.create("callWebserviceEndpoint", { url, method: "POST", waitFor });
  }

  console.log(`held before: ${held()}`);
  const startedAt = performance.now();
  await bench.claims("on");
  const done = (): number => [...asked.values()].filter((times) => times >= flags.polls).length;
  let most = 0;
  for (;;) {
    const { rss, heapUsed } = process.memoryUsage();
    most = Math.max(most, rss);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    console.log(
      `${seconds.padStart(4)} s: ${done()} done, ${bench.node.running()} running, RSS ${(rss / mebibyte).toFixed(0)} MiB, heap ${(heapUsed / mebibyte).toFixed(0)} MiB`,
    );
    if (Number(seconds) % 10 === 0) console.log(`held: ${held()}`);
    if (done() === flags.jobs && bench.node.running() === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(
    `${flags.jobs} jobs of ${flags.polls} questions each on ${flags.slots} slots: ${seconds} s, at most ${(most / mebibyte).toFixed(0)} MiB`,
  );
  console.log(`held after: ${held()}`);
  await bench.stop();
  server.closeAllConnections();
  server.close();
});

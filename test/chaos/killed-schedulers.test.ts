import { randomInt } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder, start } from "../../src/embedded-postgres/test-support.ts";
import { allJobs, untilAllEnded } from "../support/all-jobs.ts";
import { type NodeProcess, startNodeProcess } from "../support/processes.ts";
import { startWebservice, type Webservice } from "../support/webservice.ts";

/** Schedules that fire every second: what two CPUs carry besides the starts of nodes. */
const schedules = Number(process.env.TEST_SCHEDULES ?? 20);
/** How long they do. */
const seconds = Number(process.env.TEST_SCHEDULE_SECONDS ?? 16);
const codes = Array.from({ length: schedules }, (_, index) => `every-second-${index}`);

/** Defines them all to fire from `first` on, to the same webservice, each call with its code and its time in the body. */
async function define(node: NodeProcess, webservice: Webservice, first: Date): Promise<void> {
  const endAt = new Date(first.getTime() + seconds * 1000).toISOString();
  const schedule = { cron: "* * * * * ?", startAt: first.toISOString(), endAt };
  await Promise.all(
    codes.map((code) =>
      node.api.jobDefinitions.create({
        jobDefinition: {
          jobDefinitionCode: code,
          jobType: "callWebserviceEndpoint",
          schedule,
          params: {
            url: `${webservice.origin}/slow?ms=200`,
            method: "POST",
            body: { occurrence: `${code} {{job.scheduledFor}}` },
          },
        },
      }),
    ),
  );
}

const kills = 4;

/** Kills a node at each of some random moments of `ms`, and starts another for it, but leaves one at least. */
async function killAtRandom(nodes: NodeProcess[], again: () => Promise<NodeProcess>, ms: number): Promise<void> {
  const starting: Promise<unknown>[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    await delay(randomInt(1, Math.floor(ms / kills)));
    if (nodes.length === 1) await Promise.all(starting);
    const [victim] = nodes.splice(randomInt(nodes.length), 1);
    await victim?.kill();
    starting.push(again().then((node) => nodes.push(node)));
  }
  await Promise.all(starting);
}

test("nodes killed at random: each occurrence has one row of the ledger and at most one job, and the webservice agrees", async () => {
  const webservice = await startWebservice();
  onTestFinished(() => webservice.close());
  const { connection } = await start(await makeFolder(), { settings: { max_connections: "200" } });
  const sql = postgres({ ...connection, max: 1 });
  onTestFinished(() => sql.end());
  const url = `postgres:///${connection.database}?host=${connection.host}&port=${connection.port}&user=${connection.user}`;
  const flags = ["--database-url", url, "--worker-slots", "50", "--egress-allow", `127.0.0.1:${webservice.port}`];
  const oldest = await startNodeProcess({ flags });
  const again = () => startNodeProcess({ flags, with: oldest });
  const nodes = [oldest, ...(await Promise.all([again(), again()]))];

  const first = new Date(Math.ceil(Date.now() / 1000) * 1000 + 4_000);
  await define(oldest, webservice, first);
  const times = Array.from({ length: seconds }, (_, index) => new Date(first.getTime() + index * 1000).toISOString());
  const wanted = codes.flatMap((code) => times.map((time) => `${code} ${time}`)).sort();
  await delay(first.getTime() - Date.now());
  await killAtRandom(nodes, again, seconds * 800);
  const [{ api } = oldest] = nodes;

  const settled = async () => (await sql`select sum(count)::integer as count from occurrence`)[0]?.count;
  // The kills may all come early.
  await expect.poll(settled, { timeout: seconds * 1000 + 30_000 }).toBe(wanted.length);
  await untilAllEnded(api);

  const jobs = await allJobs(api);
  const byId = new Map(jobs.map((job) => [job.jobId, `${job.jobDefinitionCode} ${job.trigger.scheduledFor}`]));
  expect([...byId.values()].sort()).toEqual(wanted);
  expect(jobs.filter((job) => job.status !== "COMPLETED")).toEqual([]);

  for (const code of codes) {
    const { occurrences } = await api.jobDefinitions.occurrences(code, { limit: 200 });
    const told = occurrences.map((one) => ("from" in one ? one : [one.scheduledFor, byId.get(one.jobId ?? "")]));
    expect(told).toEqual(times.map((time) => [time, `${code} ${time}`]));
  }

  const calls = new Map(webservice.requests.map(({ headers, body }) => [String(headers["idempotency-key"]), body]));
  const called = [...calls].map(([jobId, body]) => [byId.get(jobId), JSON.parse(body).occurrence]);
  expect(called.filter(([ofJob, ofCall]) => ofJob !== ofCall)).toEqual([]);
  expect(called.map(([ofJob]) => ofJob).sort()).toEqual(wanted);
});

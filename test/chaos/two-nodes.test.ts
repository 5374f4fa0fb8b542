import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder, start } from "../../src/embedded-postgres/test-support.ts";
import { allJobs, untilAllEnded } from "../support/all-jobs.ts";
import { type NodeProcess, startNodeProcess } from "../support/processes.ts";
import { startWebservice, type Webservice } from "../support/webservice.ts";
import { callsByJob, createCalls } from "../support/webservice-calls.ts";

interface TwoNodes {
  readonly nodes: readonly [NodeProcess, NodeProcess];
  readonly webservice: Webservice;
  readonly sql: postgres.Sql;
}

/** Two nodes of 20 slots each on a PostgreSQL that neither of them looks after, and a webservice that holds its callers. */
async function startTwoNodes(): Promise<TwoNodes> {
  const webservice = await startWebservice();
  onTestFinished(() => webservice.close());
  webservice.hold();
  const { connection } = await start(await makeFolder(), { settings: { max_connections: "100" } });
  const sql = postgres({ ...connection, max: 1 });
  onTestFinished(() => sql.end());
  const url = `postgres:///${connection.database}?host=${connection.host}&port=${connection.port}&user=${connection.user}`;
  const flags = ["--database-url", url, "--worker-slots", "20", "--egress-allow", `127.0.0.1:${webservice.port}`];
  const first = await startNodeProcess({ flags });
  const second = await startNodeProcess({ flags, with: first });
  return { nodes: [first, second], webservice, sql };
}

/** Claims by node. */
async function claims(sql: postgres.Sql): Promise<{ name: string; jobs: number }[]> {
  return sql<{ name: string; jobs: number }[]>`
    select n.name, count(*)::integer as jobs from job_queue q join node n using (node_id)
     where q.state = 'claimed' group by n.name order by n.name`;
}

function namedFor(node: NodeProcess): RegExp {
  return new RegExp(`:${node.pid}$`);
}

test("two nodes share the work; SIGTERM of one under load loses nothing and doubles nothing", async () => {
  const { nodes, webservice, sql } = await startTwoNodes();
  const [leaving, staying] = nodes;
  const ids = await createCalls(leaving.api, webservice, 300);
  await webservice.waitForCalls(40);
  expect((await claims(sql)).map(({ jobs }) => jobs)).toEqual([20, 20]);

  const exitCode = leaving.terminate();
  await expect.poll(async () => (await fetch(`${leaving.origin}/readyz`)).status).toBe(503);
  webservice.release();
  expect(await exitCode).toBe(0);
  await untilAllEnded(staying.api);

  const jobs = await allJobs(staying.api);
  expect(jobs.map((job) => job.jobId).sort()).toEqual(ids.sort());
  expect(jobs.filter((job) => job.status !== "COMPLETED")).toEqual([]);
  const calls = callsByJob(webservice);
  expect(calls.size).toBe(300);
  expect([...calls.values()].filter((count) => count !== 1)).toEqual([]);
  expect(await sql`select name from node`).toEqual([{ name: expect.stringMatching(namedFor(staying)) }]);
});

test("kill -9 of one of two nodes: its jobs run on the other within 45 s, and no others run again", async () => {
  const { nodes, webservice, sql } = await startTwoNodes();
  const [killed, surviving] = nodes;
  const ids = await createCalls(surviving.api, webservice, 20);
  await webservice.waitForCalls(20);
  const rows = await sql<{ job_id: string; name: string }[]>`
    select to_char(q.day, 'YYYYMMDD-') || q.id as job_id, n.name from job_queue q join node n using (node_id)`;
  const lost = rows.filter(({ name }) => namedFor(killed).test(name)).map(({ job_id }) => job_id);
  expect(lost.length).toBeGreaterThan(0);

  const killedAt = performance.now();
  await killed.kill();
  await webservice.waitForCalls(20 + lost.length);
  expect(performance.now() - killedAt).toBeLessThan(45_000);
  webservice.release();
  await untilAllEnded(surviving.api);

  const jobs = await allJobs(surviving.api);
  expect(jobs.map((job) => job.jobId).sort()).toEqual(ids.sort());
  expect(jobs.filter((job) => job.status !== "COMPLETED" || job.attempt !== 1)).toEqual([]);
  for (const [jobId, calls] of callsByJob(webservice)) expect(calls).toBe(lost.includes(jobId) ? 2 : 1);
});

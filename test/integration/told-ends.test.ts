/** What follows the end of a job, whatever ended it. */
import { expect, test } from "vitest";
import { createJobFinisher } from "../../src/domain/finish-jobs.ts";
import { formatJobId } from "../../src/model/job-id.ts";
import type { Database } from "../../src/store/database.ts";
import { fakeClock } from "../support/clock.ts";
import { hasStarted, release } from "../support/job-types.ts";
import { startTestNode, type TestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";
import { createPlays, oneByOne } from "../support/waiting-job-types.ts";

const plays = createPlays({ oneByOne });
const onWorkerLost = { retry: { onWorkerLost: "fail" } } as const;

/** The claims of another node than this one, which others may take back. */
async function die(node: TestNode): Promise<void> {
  await node.database.sql`
    update job_queue set node_id = '00000000-0000-4000-8000-000000000000' where state = 'claimed'`;
  await node.database.sql`
    insert into node (node_id, name, roles, beat_at)
    values ('00000000-0000-4000-8000-000000000000', 'dead', '{worker}', app_now() - interval '1 hour')`;
}

async function rescue(node: TestNode): Promise<void> {
  const clock = fakeClock(node.database);
  for (let beats = 0; beats < 7; beats += 1) {
    await clock.advance(5_000);
    await node.run("heartbeat");
  }
  await node.run("rescue-jobs");
}

test("a job that is lost with its node frees its place, and its parent goes on, without a sweep", async () => {
  const node = await startTestNode({ services: "byHand", testJobTypes: plays.types });
  const { api } = node;
  const jobDefinition = {
    jobDefinitionCode: "one",
    jobType: "hanging",
    options: { maxConcurrent: 1, ...onWorkerLost },
  };
  await api.jobDefinitions.create({ jobDefinition });
  const params = { play: "oneByOne", steps: { only: { jobDefinitionCode: "one" } } };
  const { jobId: parent } = await api.jobTypes.execute("parent", { params });
  await node.run("claim-jobs");
  await waitForJob(api, parent, (job) => job.phase === "WAITING");
  const [child] = (await api.jobs.list({ trigger: "sequence" })).jobs;
  const { jobId: next } = await api.jobDefinitions.execute("one");
  await node.run("claim-jobs");
  await hasStarted(child?.jobId ?? "");

  await die(node);
  await rescue(node);

  expect(await api.jobs.get(child?.jobId ?? "")).toMatchObject({ error: { code: "WORKER_LOST" } });
  await expect.poll(async () => (await api.jobs.get(parent)).phase).toBe("QUEUED");
  await expect.poll(async () => (await api.jobs.get(next)).waitingFor).toBe("slot");
  await node.run("claim-jobs");
  expect(await waitForJob(api, parent)).toMatchObject({
    result: [{ status: "FAILED", error: { code: "WORKER_LOST" } }],
  });
  await hasStarted(next);
  release(next);
  await waitForJob(api, next);
  release(child?.jobId ?? "");
});

test("the metrics count jobs that were cancelled, that expired and that were lost", async () => {
  const node = await startTestNode({ services: "byHand" });
  const { api } = node;
  const ended = async () => {
    const text = await (await fetch(`${node.origin}/metrics`)).text();
    return Number(/^punctual_jobs_finished_total\{job_type="hanging",status="FAILED"\} (\d+)$/m.exec(text)?.[1] ?? 0);
  };
  const { jobId: cancelled } = await api.jobTypes.execute("hanging", { params: {} });
  await api.jobs.cancel(cancelled);
  expect(await ended()).toBe(1);

  await api.jobTypes.execute("hanging", { params: {}, options: { queueTimeoutSeconds: 1 } });
  await fakeClock(node.database).advance(2_000);
  await node.run("expire-jobs");
  expect(await ended()).toBe(2);

  const { jobId: lost } = await api.jobTypes.execute("hanging", { params: {}, options: onWorkerLost });
  await node.run("heartbeat");
  await node.run("claim-jobs");
  await hasStarted(lost);
  await die(node);
  await rescue(node);
  expect(await ended()).toBe(3);
  release(lost);
});

test("an end, a retry and a wait whose answers got lost count as written, and no other node's does", async () => {
  const node = await startTestNode({ services: "byHand" });
  const { context } = node;
  /** The first answer to whatever is repeatable gets lost. */
  const database: Database = {
    ...context.database,
    async repeatable(work, forMs) {
      await work(context.database.sql);
      return context.database.repeatable(work, forMs);
    },
  };
  const finisher = createJobFinisher({ ...context, database });
  for (let count = 0; count < 4; count += 1) await node.api.jobTypes.execute("echo", { params: {} });
  const claim = context.node.nodeId;
  const jobs = await node.database.sql<{ day: string; id: string }[]>`
    update job_queue set state = 'claimed', claim = ${claim}, node_id = ${claim}, runs = 1,
           started_at = app_now(), first_started_at = app_now()
    returning day::text, id`;
  const told = { jobType: "echo", jobDefinitionCode: null, triggerKind: "api", parentId: null } as const;
  const [ends, retries, waits, elsewhere] = jobs.map((job) => ({ ...job, claim, run: 1, aheadMs: 0 }));
  if (!ends || !retries || !waits || !elsewhere) throw new Error("there are four jobs");
  const end = { ...told, customerCode: "demo", status: "COMPLETED", result: "1", error: null } as const;
  const endOf = (job: NonNullable<typeof ends>) => ({ ...job, ...end, jobId: formatJobId(job) });

  expect(await finisher.finish(endOf(ends))).toBe("written");
  expect(await finisher.retry({ ...retries, error: "{}", delayMs: 1000, totalSeconds: null })).toBe("written");
  expect(await finisher.suspend({ ...waits, waitTimeoutSeconds: 60, awaits: [] })).toBe("written");
  expect(await finisher.finish({ ...endOf(elsewhere), claim: jobs[0]?.id ?? "" })).toBe("claimLost");
  expect(await finisher.finish({ ...endOf(ends), status: "FAILED", result: null, error: "{}" })).toBe("claimLost");
});

/** Puts generations of waiting jobs below a waiting one, `width` children to each. @returns how many there are */
async function growTree(node: TestNode, top: string, width: number, generations: number): Promise<number> {
  await node.database.sql`
    with recursive tree as (
      select id, day, 0::smallint as depth from job_queue where id = ${top.slice(9)}
      union all
      select gen_random_uuid(), day, (depth + 1)::smallint from tree, generate_series(1, ${width}) where depth < ${generations}
    ), numbered as (
      select *, row_number() over (partition by depth order by id) - 1 as place from tree
    ), placed as (
      select c.id, c.day, c.depth, p.id as parent_id
        from numbered c left join numbered p on p.depth = c.depth - 1 and p.place = c.place / ${width}
    ), job_rows as (
      insert into job (day, id, customer_code, job_type, params, options, priority, max_attempts, trigger_kind, created_at, run_at,
                       parent_day, parent_id)
      select p.day, p.id, 'demo', 'echo', '{}', '{}', 5, 1, 'sequence', app_now(), app_now(), p.day, p.parent_id
        from placed p where depth > 0
    )
    insert into job_queue (id, day, customer_code, job_type, priority, run_at, state, fail_on_loss, trigger_kind, created_at, params,
                           options, parent_day, parent_id, depth, awaits, wait_deadline)
    select p.id, p.day, 'demo', 'echo', 5, app_now(), 'waiting', false, 'sequence', app_now(), '{}', '{}', p.day, p.parent_id,
           p.depth, array[p.id], app_now() + interval '1 day'
      from placed p where depth > 0`;
  const [row] = await node.database.sql<{ jobs: number }[]>`select count(*)::integer as jobs from job_queue`;
  return row?.jobs ?? 0;
}

async function endedBy(node: TestNode, code: string): Promise<number> {
  const [row] = await node.database.sql<{ jobs: number }[]>`
    select count(*)::integer as jobs from job j
     where error ->> 'code' = ${code} and not exists (select from job_queue q where q.id = j.id)`;
  return row?.jobs ?? 0;
}

test("a cancel takes with it a tree of thousands, and its answer does not wait for all of them", async () => {
  const node = await startTestNode({ services: "byHand" });
  const { jobId } = await node.api.jobTypes.execute("echo", { params: {}, runAt: inAnHour() });
  const jobs = await growTree(node, jobId, 16, 3);
  expect(jobs).toBe(1 + 16 + 256 + 4096);

  expect(await node.api.jobs.cancel(jobId)).toMatchObject({ error: { code: "CANCELLED" } });
  await expect.poll(() => endedBy(node, "CANCELLED")).toBe(jobs);
  expect(await node.database.sql`select id from job_queue`).toEqual([]);
});

test("what a node leaves of a tree when it dies in the middle of a cancel, a sweep cancels", async () => {
  const node = await startTestNode({ services: "byHand" });
  const { jobId } = await node.api.jobTypes.execute("echo", { params: {}, runAt: inAnHour() });
  const { jobId: completed } = await node.api.jobTypes.execute("echo", { params: {}, runAt: inAnHour() });
  const jobs = (await growTree(node, jobId, 4, 2)) - 1;
  await growTree(node, completed, 4, 1);
  // As the first slice, and nothing after it, would have left them: children of a job that ended well are to go on.
  await node.database.sql`
    update job set status = 'FAILED', error = '{"code":"CANCELLED"}', finished_at = app_now() where id = ${jobId.slice(9)}`;
  await node.database.sql`
    update job set status = 'COMPLETED', finished_at = app_now() where id = ${completed.slice(9)}`;
  await node.database.sql`delete from job_queue where id in (${jobId.slice(9)}, ${completed.slice(9)})`;

  await node.run("resume-jobs");
  expect(await endedBy(node, "CANCELLED")).toBe(jobs);
  expect(await node.database.sql`select id from job_queue`).toHaveLength(4);
});

function inAnHour(): string {
  return new Date(Date.now() + 3_600_000).toISOString();
}

import fc from "fast-check";
import Type from "typebox";
import { expect, test } from "vitest";
import { limitCustomer } from "../../src/domain/limit-customer.ts";
import { defineJobType, JobError } from "../../src/job-types/contract.ts";
import { fakeClock } from "../support/clock.ts";
import { openTestNode, type TestNode, type TestNodeOptions } from "../support/nodes.ts";
import { observeTransitions, unknownSteps } from "../support/observed-transitions.ts";

/** What may happen, and to which of those that it may happen to. */
const command = fc.record({
  what: fc.constantFrom(
    ...["create", "create", "create", "claim", "claim", "claim", "end", "end", "end", "fail", "cancel", "rerun"],
    ...["parent", "parent", "death", "handBack", "time", "admit", "resume", "limit"],
  ),
  which: fc.nat(),
});

interface Run {
  readonly jobId: string;
  readonly end: (outcome: "well" | "badly") => void;
}

/** A job type whose runs wait to be ended; one for each node, all of the same code. */
function createRandomType(runs: Run[], begun: string[], overlaps: string[]) {
  return defineJobType({
    code: "random",
    name: "Random",
    description: "Ends when the test says so, and as it says.",
    paramsSchema: Type.Object({}),
    resultSchema: Type.Null(),
    defaults: { timeoutSeconds: 3600 },
    run: (ctx) =>
      new Promise<null>((resolve, reject) => {
        begun.push(ctx.job.id);
        if (runs.some((other) => other.jobId === ctx.job.id)) overlaps.push(ctx.job.id);
        const run: Run = {
          jobId: ctx.job.id,
          end(outcome) {
            runs.splice(runs.indexOf(run), 1);
            if (outcome === "well") resolve(null);
            else reject(new JobError("CONNECTION_LOST", "the test wants it so"));
          },
        };
        runs.push(run);
        ctx.signal.addEventListener("abort", () => {
          if (runs.includes(run)) runs.splice(runs.indexOf(run), 1);
          reject(ctx.signal.reason);
        });
      }),
  });
}

/** A job that waits: for a time where it sleeps, then for children of the definitions below. */
const parentType = defineJobType({
  code: "parent",
  name: "Parent",
  description: "Waits for a time, then for children.",
  paramsSchema: Type.Object({ sleeps: Type.Boolean(), children: Type.Array(Type.String()) }),
  resultSchema: Type.Null(),
  defaults: { timeoutSeconds: 3600 },
  async run(ctx, { sleeps, children }) {
    if (sleeps && ctx.state === null)
      await ctx.sleepUntil(new Date(ctx.clock.now().getTime() + 15_000), { slept: true });
    for (const [place, jobDefinitionCode] of children.entries()) {
      await ctx.jobs.start(String(place), { jobDefinitionCode });
    }
    await ctx.jobs.awaitAll(children.map((_, place) => String(place)));
    return null;
  },
});

/** Notes, in the transaction that lets a job through, every limit that it then exceeds. */
const watchLimits = `
  create table exceeded (what text);
  create function watch_limits() returns trigger language plpgsql as $$
  begin
    insert into exceeded
    select 'definition ' || d.job_definition_code from job_definition d
     where d.definition_id = new.definition_id and d.max_concurrent < (
       select count(*) from job_queue q where q.definition_id = d.definition_id and q.state in ('ready', 'claimed', 'waiting'))
    union all
    select 'key ' || new.concurrency_key
     where new.concurrency_key is not null and 1 < (
       select count(*) from job_queue q where q.concurrency_key = new.concurrency_key and q.state in ('ready', 'claimed'))
    union all
    select 'customer' from customer c
     where c.customer_code = new.customer_code and c.max_concurrent < (
       select count(*) from job_queue q where q.customer_code = c.customer_code and q.limited and q.state in ('ready', 'claimed'))
    union all
    select 'type ' || l.job_type from customer_type_limit l
     where l.customer_code = new.customer_code and l.job_type = new.job_type and l.max_concurrent < (
       select count(*) from job_queue q
        where q.customer_code = l.customer_code and q.job_type = l.job_type and q.limited and q.state in ('ready', 'claimed'));
    return null;
  end $$;
  create trigger watch_limits after update on job_queue for each row
    when (old.state = 'blocked' and new.state = 'ready') execute function watch_limits()`;

const definitions = [
  { jobDefinitionCode: "free", jobType: "random", options: { retry: { maxAttempts: 3, initialSeconds: 1 } } },
  { jobDefinitionCode: "two", jobType: "random", options: { maxConcurrent: 2 } },
  { jobDefinitionCode: "key", jobType: "random", options: { concurrencyKey: "k", retry: { maxAttempts: 2 } } },
];

/** Three nodes that do nothing by themselves, and what the random commands do to them. */
async function openWorld() {
  const runs: Run[] = [];
  const begun: string[] = [];
  /** Jobs that began to run while they were running elsewhere. */
  const overlaps: string[] = [];
  const options = (): TestNodeOptions => {
    const jobTypes = [createRandomType(runs, begun, overlaps), parentType];
    return { services: "byHand", jobTypes, flags: { "worker-slots": "4" } };
  };
  const first = await openTestNode(options());
  const opened = [first];
  const stopped = new Set<TestNode>();
  async function openAnother(): Promise<TestNode> {
    const node = await openTestNode({ ...options(), with: first });
    opened.unshift(node);
    return node;
  }
  const nodes: TestNode[] = [first, await openAnother(), await openAnother()];
  const clock = fakeClock(first.database);
  const jobIds: string[] = [];
  await observeTransitions(first.database);
  await first.database.sql.unsafe(watchLimits);
  for (const jobDefinition of definitions) await first.api.jobDefinitions.create({ jobDefinition });

  /** What a node that stops is asked to do meanwhile may fail. */
  async function runOn(node: TestNode, service: string): Promise<void> {
    await node.run(service).catch((error: unknown) => {
      if (!stopped.has(node)) throw error;
    });
  }

  async function live(seconds: number, beating: readonly TestNode[]): Promise<void> {
    for (let passed = 0; passed < seconds; passed += 5) {
      await clock.advance(5_000);
      for (const node of beating) await runOn(node, "heartbeat");
    }
    await first.run("promote-jobs");
  }

  /** Nothing is under way any more: whatever a run has come to is written. */
  const settled = () => expect.poll(() => nodes.reduce((sum, node) => sum + node.running(), 0)).toBe(runs.length);

  async function checkInvariants(): Promise<void> {
    const lost = await first.database.sql`
      select j.id from job j full join job_queue q on q.id = j.id
       where (j.status = 'STARTED') is distinct from (q.id is not null)`;
    expect(lost).toEqual([]);
    expect(await first.database.sql`select what from exceeded`).toEqual([]);
  }

  const pick = <Item>(items: readonly Item[], which: number): Item | undefined => items[which % items.length];
  const refusedIsFine = (error: unknown): undefined => {
    expect(error).toMatchObject({ problem: { code: "CONFLICT" } });
  };

  async function act(what: string, which: number): Promise<void> {
    const node = pick(nodes, which) ?? first;
    switch (what) {
      case "create": {
        const code = pick(definitions, which)?.jobDefinitionCode ?? "free";
        const runAt = which % 5 === 0 ? { runAt: new Date(Date.now() + 20_000).toISOString() } : {};
        jobIds.push((await node.api.jobDefinitions.execute(code, { priority: 1 + (which % 9), ...runAt })).jobId);
        return;
      }
      case "claim":
        return runOn(node, "claim-jobs");
      case "end":
        pick(runs, which)?.end("well");
        return;
      case "fail":
        pick(runs, which)?.end("badly");
        return;
      case "cancel": {
        const jobId = pick(jobIds, which);
        if (jobId) await node.api.jobs.cancel(jobId).catch(refusedIsFine);
        return;
      }
      case "rerun": {
        const jobId = pick(jobIds, which);
        const again = jobId && (await node.api.jobs.rerun(jobId).catch(refusedIsFine));
        if (again) jobIds.push(again.jobId);
        return;
      }
      case "parent": {
        const children = Array.from(
          { length: which % 4 },
          (_, place) => pick(definitions, which + place)?.jobDefinitionCode ?? "",
        );
        const params = { sleeps: which % 2 === 0, children };
        jobIds.push((await node.api.jobTypes.execute("parent", { params })).jobId);
        return;
      }
      case "resume":
        return runOn(node, "resume-jobs");
      case "limit":
        return setLimit(which);
      case "death": {
        const survivors = nodes.filter((one) => one !== node);
        await live(40, survivors);
        if (survivors[0]) await runOn(survivors[0], "rescue-jobs");
        await runOn(node, "heartbeat");
        return;
      }
      case "handBack": {
        // A stop hands back what runs; the process that starts in its place is another node.
        if (node === first || stopped.has(node)) return;
        stopped.add(node);
        await node.stop(0);
        nodes[nodes.indexOf(node)] = await openAnother();
        return;
      }
      case "time":
        return live(10, nodes);
      default:
        return runOn(node, "admit-jobs");
    }
  }

  async function setLimit(which: number): Promise<void> {
    const { database, clock: nodeClock } = first.context;
    const most = 1 + (which % 4);
    switch (which % 3) {
      case 0: {
        const jobDefinition = { options: { maxConcurrent: most } };
        await first.api.jobDefinitions.change("two", { jobDefinition });
        return;
      }
      case 1:
        return limitCustomer(database, nodeClock, "demo", { maxConcurrent: most === 4 ? null : most + 2 });
      default:
        return limitCustomer(database, nodeClock, "demo", {
          jobType: "random",
          maxConcurrent: most === 4 ? null : most,
        });
    }
  }

  return {
    first,
    jobIds,
    begun,
    overlaps,
    /** Does all of them at once. */
    async step(commands: readonly { what: string; which: number }[]) {
      await Promise.all(
        commands.map(async ({ what, which }) => {
          const node = pick(nodes, which) ?? first;
          try {
            await act(what, which);
          } catch (error) {
            // What a node that stops is asked to do meanwhile may fail.
            if (!stopped.has(node)) throw error;
          }
        }),
      );
      await settled();
      await checkInvariants();
    },
    /** Lets everything come to its end. */
    async finish() {
      for (let round = 0; round < 100; round += 1) {
        for (const node of nodes) {
          await node.run("resume-jobs");
          await node.run("admit-jobs");
          await node.run("claim-jobs");
        }
        for (const run of [...runs]) run.end("well");
        await settled();
        await live(60, nodes);
        const [row] = await first.database.sql<{ left: number }[]>`select count(*)::integer as left from job_queue`;
        if (row?.left === 0) return;
      }
    },
    async close() {
      for (const node of opened) await node.close();
    },
  };
}

test("whatever happens at once, in whatever order, no job is lost, none runs twice without cause, and no limit is exceeded", async () => {
  const commands = fc.array(fc.array(command, { minLength: 1, maxLength: 5 }), { minLength: 15, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(commands, async (steps) => {
      const world = await openWorld();
      try {
        for (const step of steps) await world.step(step);
        await world.finish();
        const made = await world.first.database.sql<{ job_id: string }[]>`
          select to_char(day, 'YYYYMMDD-') || id as job_id from job`;
        const all = made.map((row) => row.job_id);
        expect(all).toEqual(expect.arrayContaining(world.jobIds));
        for (const jobId of all) {
          const job = await world.first.api.jobs.get(jobId);
          expect(job.status, jobId).toMatch(/COMPLETED|FAILED/);
          if (job.error) expect(job.error.code).toMatch(/CANCELLED|WORKER_LOST|CONNECTION_LOST|SELF_BLOCKED/);
          const { attempts } = await world.first.api.jobs.attempts(jobId);
          // Each run was an attempt of its job, or ended to wait, or its node died or stopped under it.
          const own = attempts.filter(({ outcome }) => !["LOST", "HANDED_BACK", "SUSPENDED"].includes(outcome));
          expect(own.length).toBeLessThanOrEqual(job.attempt);
          expect(world.begun.filter((id) => id === jobId).length).toBeLessThanOrEqual(attempts.length);
          // It ran twice at a time only where a node was taken for dead.
          const lost = attempts.filter(({ outcome }) => outcome === "LOST").length;
          expect(world.overlaps.filter((id) => id === jobId).length).toBeLessThanOrEqual(lost);
        }
        expect(await unknownSteps(world.first.database)).toEqual([]);
      } finally {
        await world.close();
      }
    }),
    { numRuns: Number(process.env.STATE_MACHINE_RUNS ?? 3), endOnFailure: true },
  );
}, 180_000);

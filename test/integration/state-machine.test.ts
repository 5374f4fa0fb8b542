import fc from "fast-check";
import Type from "typebox";
import { expect, test } from "vitest";
import { defineJobType, JobError } from "../../src/job-types/contract.ts";
import { fakeClock } from "../support/clock.ts";
import { openTestNode, type TestNode, type TestNodeOptions } from "../support/nodes.ts";
import { observeTransitions, unknownSteps } from "../support/observed-transitions.ts";

/** What may happen, and to which of those that it may happen to. */
const command = fc.record({
  what: fc.constantFrom(
    ...["create", "create", "create", "claim", "claim", "claim", "end", "end", "end", "fail", "cancel", "rerun"],
    ...["death", "handBack", "time", "admit"],
  ),
  which: fc.nat(),
});

interface Run {
  readonly jobId: string;
  readonly end: (outcome: "well" | "badly") => void;
}

/** A job type whose runs wait to be ended; one for each node, all of the same code. */
function createRandomType(runs: Run[], begun: string[]) {
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

const definitions = [
  { jobDefinitionCode: "free", jobType: "random", options: { retry: { maxAttempts: 3, initialSeconds: 1 } } },
  { jobDefinitionCode: "two", jobType: "random", options: { maxConcurrent: 2 } },
  { jobDefinitionCode: "key", jobType: "random", options: { concurrencyKey: "k", retry: { maxAttempts: 2 } } },
];

/** Three nodes that do nothing by themselves, and what the random commands do to them. */
async function openWorld() {
  const runs: Run[] = [];
  const begun: string[] = [];
  const jobTypes = [createRandomType(runs, begun)];
  const options: TestNodeOptions = { services: "byHand", jobTypes, flags: { "worker-slots": "4" } };
  const first = await openTestNode(options);
  const opened = [first];
  async function openAnother(): Promise<TestNode> {
    const node = await openTestNode({ ...options, with: first });
    opened.unshift(node);
    return node;
  }
  const nodes: TestNode[] = [first, await openAnother(), await openAnother()];
  const clock = fakeClock(first.database);
  const jobIds: string[] = [];
  let excuses = 0;
  await observeTransitions(first.database);
  for (const jobDefinition of definitions) await first.api.jobDefinitions.create({ jobDefinition });

  async function live(seconds: number, beating: readonly TestNode[]): Promise<void> {
    for (let passed = 0; passed < seconds; passed += 5) {
      await clock.advance(5_000);
      for (const node of beating) await node.run("heartbeat");
    }
    await first.run("promote-jobs");
  }

  /** Nothing is under way any more: whatever a run has come to is written. */
  const settled = () => expect.poll(() => nodes.reduce((sum, node) => sum + node.running(), 0)).toBe(runs.length);

  async function checkInvariants(): Promise<void> {
    const [row] = await first.database.sql<{ two: number; key: number; orphans: number }[]>`
      select (select count(*)::integer from job_queue q join job_definition d using (definition_id)
               where d.job_definition_code = 'two' and state in ('ready', 'claimed')) as two,
             (select count(*)::integer from job_queue where concurrency_key = 'k' and state in ('ready', 'claimed')) as key,
             (select count(*)::integer from job j full join job_queue q on q.id = j.id
               where (j.status = 'STARTED') is distinct from (q.id is not null)) as orphans`;
    expect(row?.two).toBeLessThanOrEqual(2);
    expect(row?.key).toBeLessThanOrEqual(1);
    expect(row?.orphans).toBe(0);
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
        return node.run("claim-jobs");
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
      case "death": {
        const survivors = nodes.filter((one) => one !== node);
        excuses += node.running();
        await live(40, survivors);
        await survivors[0]?.run("rescue-jobs");
        await node.run("heartbeat");
        return;
      }
      case "handBack": {
        // A stop hands back what runs; the process that starts in its place is another node.
        if (node === first) return;
        excuses += node.running();
        await node.stop(0);
        nodes[nodes.indexOf(node)] = await openAnother();
        return;
      }
      case "time":
        return live(10, nodes);
      default:
        return node.run("admit-jobs");
    }
  }

  return {
    first,
    jobIds,
    begun,
    runs,
    excuses: () => excuses,
    async step(what: string, which: number) {
      await act(what, which);
      await settled();
      await checkInvariants();
    },
    /** Lets everything come to its end. */
    async finish() {
      for (let round = 0; round < 100; round += 1) {
        for (const node of nodes) {
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

test("whatever happens in whatever order, no job is lost, none runs twice without cause, and no limit is exceeded", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 30, maxLength: 60 }), async (commands) => {
      const world = await openWorld();
      try {
        for (const { what, which } of commands) await world.step(what, which);
        await world.finish();
        let attempts = 0;
        for (const jobId of world.jobIds) {
          const job = await world.first.api.jobs.get(jobId);
          expect(["COMPLETED", "FAILED"]).toContain(job.status);
          if (job.status === "FAILED")
            expect(["CANCELLED", "WORKER_LOST", "CONNECTION_LOST"]).toContain(job.error?.code);
          attempts += job.attempt;
        }
        // Each run was an attempt of its job, or its node died or stopped under it.
        expect(world.begun.length).toBeLessThanOrEqual(attempts + world.excuses());
        expect(await unknownSteps(world.first.database)).toEqual([]);
      } finally {
        await world.close();
      }
    }),
    { numRuns: Number(process.env.STATE_MACHINE_RUNS ?? 4), endOnFailure: true },
  );
}, 120_000);

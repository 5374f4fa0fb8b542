/** A node that serves `POST …/job-types/noOp/_execute`; whether it runs the jobs too is in its roles. */
import { until } from "../../support/callers.ts";
import { contest } from "../../support/contest.ts";
import { noOp, startBenchNode } from "../../support/punctual.ts";
import { serveParent } from "../../support/serve-parent.ts";

const roles = process.env.BENCH_ROLES ?? "api,scheduler,worker";
const bench = await startBenchNode({ databaseUrl: contest.databaseUrl, roles, jobTypes: [noOp(() => undefined)] });
await bench.claims("on");
const { sql } = bench.node.context.database;

async function isEmpty(): Promise<boolean> {
  const [row] = await sql<{ open: boolean }>`select exists (select from job_queue) as open`;
  return row?.open === false;
}

await serveParent(
  {
    where: async () => ({
      url: `${bench.node.origin}/vue/_api/v1/job-types/noOp/_execute`,
      apiKey: await bench.apiKey(),
    }),
    /** Ends what has piled up, so that every round begins alike: by running it, or where nothing runs by taking it out. */
    async clear() {
      if (roles.includes("worker")) await until(isEmpty);
      else await sql`delete from job_queue`;
      return {};
    },
  },
  bench.stop,
);

/** A node that serves `POST …/job-types/noOp/_execute`; whether it runs the jobs too is in its roles. */
import { contest } from "../../support/contest.ts";
import { noOp, startBenchNode } from "../../support/punctual.ts";
import { serveParent } from "../../support/serve-parent.ts";

const roles = process.env.BENCH_ROLES ?? "api,scheduler,worker";
const bench = await startBenchNode({ databaseUrl: contest.databaseUrl, roles, jobTypes: [noOp(() => undefined)] });
await bench.claims("on");

await serveParent(
  {
    where: async () => ({
      url: `${bench.node.origin}/vue/_api/v1/job-types/noOp/_execute`,
      apiKey: bench.apiKey,
    }),
    /** Takes out what has piled up, so that every round begins alike. */
    async clear() {
      await bench.node.context.database.sql`delete from job_queue`;
      return {};
    },
  },
  bench.stop,
);

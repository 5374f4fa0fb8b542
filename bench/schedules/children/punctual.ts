/** A node that fires schedules and runs their jobs, which do nothing. */
import { contest } from "../../support/contest.ts";
import { noOp, startBenchNode } from "../../support/punctual.ts";
import { serveParent } from "../../support/serve-parent.ts";

const { databaseUrl, slots } = contest;
const bench = await startBenchNode({ databaseUrl, slots, jobTypes: [noOp(() => undefined)] });
await bench.claims("on");

await serveParent(
  {
    where: async () => ({
      url: `${bench.node.origin}/vue/_api/v1/job-types/noOp/_execute`,
      apiKey: await bench.apiKey(),
    }),
  },
  bench.stop,
);

/** A node whose jobs run until it ends. */
import Type from "typebox";
import { until } from "../../support/callers.ts";
import { contest } from "../../support/contest.ts";
import { startBenchNode } from "../../support/punctual.ts";
import { serveParent } from "../../support/serve-parent.ts";

/** Milliseconds since the epoch: compared with those of other processes. */
const startedAt = new Map<string, number>();

const endless = {
  code: "endless",
  name: "Endless",
  description: "Runs until its node ends.",
  paramsSchema: Type.Object({}),
  resultSchema: Type.Unknown(),
  defaults: { timeoutSeconds: 3600 },
  run(ctx: { readonly job: { readonly id: string } }) {
    startedAt.set(ctx.job.id, Date.now());
    return new Promise<never>(() => undefined);
  },
};
const bench = await startBenchNode({ databaseUrl: contest.databaseUrl, slots: contest.slots, jobTypes: [endless] });

await serveParent(
  {
    async claims() {
      await bench.claims("on");
      return {};
    },
    /** Makes a job that this node runs. */
    async hold() {
      await bench.claims("on");
      const jobId = await bench.create("endless", {});
      await until(() => startedAt.has(jobId));
      return { jobId };
    },
    /** What has started here. */
    async started() {
      return { jobs: [...startedAt].map(([jobId, at]) => ({ jobId, at })) };
    },
  },
  bench.stop,
);

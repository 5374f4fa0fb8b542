/** A node with jobs that take a while, and with jobs that run until they are let go. */
import { setTimeout as delay } from "node:timers/promises";
import Type from "typebox";
import type { JobType } from "../../../src/job-types/contract.ts";
import { until } from "../../support/callers.ts";
import { contest } from "../../support/contest.ts";
import { startBenchNode } from "../../support/punctual.ts";
import { serveParent } from "../../support/serve-parent.ts";

const startedAt = new Map<string, number>();
const held = new Set<() => void>();

function jobType(code: string, run: () => Promise<unknown>): JobType {
  return {
    code,
    name: code,
    description: "For the benchmark of fairness.",
    paramsSchema: Type.Object({}, { additionalProperties: true }),
    resultSchema: Type.Unknown(),
    defaults: { timeoutSeconds: 600 },
    run(ctx) {
      startedAt.set(ctx.job.id, performance.now());
      return run();
    },
  };
}

const short = jobType("short", () => delay(10));
const untilLetGo = jobType("held", () => new Promise<void>((resolve) => held.add(resolve)));
const bench = await startBenchNode({
  databaseUrl: contest.databaseUrl,
  slots: contest.slots,
  jobTypes: [short, untilLetGo],
});
const claiming = bench.node.services.get("claim-jobs");
if (!claiming) throw new Error("the node has no service claim-jobs");

await serveParent(
  {
    async claims(details) {
      await bench.claims(details.text("wanted") === "on" ? "on" : "off");
      return {};
    },
    /** One job each of so many other customers, at once: from the call to the start. */
    async others(details) {
      const samples = await Promise.all(
        Array.from({ length: details.number("customers") }, async (_, index) => {
          const begun = performance.now();
          const jobId = await bench.create(details.text("jobType"), {}, `other${index}`);
          await until(() => startedAt.has(jobId));
          return (startedAt.get(jobId) ?? Number.NaN) - begun;
        }),
      );
      const running = bench.node.running();
      startedAt.clear();
      return { samples, running };
    },
    /** Resolves when so many jobs run here. */
    async runs(details) {
      await until(() => bench.node.running() >= details.number("jobs"));
      return {};
    },
    /** One claim that fills every slot; then its jobs end. */
    async claim() {
      const begun = performance.now();
      await claiming.runOnce();
      const ms = performance.now() - begun;
      const claimed = bench.node.running();
      for (const letGo of held) letGo();
      held.clear();
      await until(() => bench.node.running() === 0);
      return { ms, claimed };
    },
  },
  bench.stop,
);

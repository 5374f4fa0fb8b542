/**
 * A node in a process of its own whose jobs of the type `blocking` block the event loop until the file `params.until` is there, as
 * code in an endless loop does, where its environment has BLOCKS. It and its like are declared dead sooner than usual: after six seconds. Started with the environment of a node; says on which address it listens as nodes do.
 */

import { existsSync } from "node:fs";
import { pino } from "pino";
import Type from "typebox";
import { readConfig } from "../../src/config/read-config.ts";
import { defineJobType } from "../../src/job-types/contract.ts";
import { startNode } from "../../src/main.ts";

const blocking = defineJobType({
  code: "blocking",
  name: "Blocking",
  description: "Lets nothing else happen in its process.",
  paramsSchema: Type.Object({ until: Type.String() }),
  resultSchema: Type.Unknown(),
  defaults: { timeoutSeconds: 600 },
  async run(ctx, { until }) {
    const nobody = new Int32Array(new SharedArrayBuffer(4));
    // A test that has died writes no file.
    const end = performance.now() + 100_000;
    while (process.env.BLOCKS && !existsSync(until) && performance.now() < end) Atomics.wait(nobody, 0, 0, 50);
    return { by: process.pid, attempt: ctx.attempt };
  },
});

// A fifth of the usual times.
const liveness = { everyMs: 1_000, longestGapMs: 2_000, leaseMs: 5_000, silentMs: 6_000 };
await startNode(readConfig(process.env, {}), pino({ level: "info" }), { jobTypes: [blocking], liveness });

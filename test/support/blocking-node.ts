/**
 * A node in a process of its own whose jobs of the type `blocking` block the event loop for `params.seconds`, as code in an endless
 * loop does. Started with the environment of a node; says on which address it listens as nodes do.
 */

import { pino } from "pino";
import Type from "typebox";
import { readConfig } from "../../src/config/read-config.ts";
import { defineJobType } from "../../src/job-types/contract.ts";
import { startNode } from "../../src/main.ts";

const blocking = defineJobType({
  code: "blocking",
  name: "Blocking",
  description: "Lets nothing else happen in its process.",
  paramsSchema: Type.Object({ seconds: Type.Number() }),
  resultSchema: Type.Unknown(),
  defaults: { timeoutSeconds: 600 },
  async run(ctx, { seconds }) {
    const until = performance.now() + seconds * 1000 * Number(process.env.BLOCKS ?? 0);
    while (performance.now() < until);
    return { by: process.pid, attempt: ctx.attempt };
  },
});

await startNode(readConfig(process.env, {}), pino({ level: "info" }), { jobTypes: [blocking] });

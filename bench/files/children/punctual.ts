/** A node that works on files, and what it and its file processes use meanwhile. */
import { readdirSync, readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createClient } from "../../../src/client/client.ts";
import { contest } from "../../support/contest.ts";
import { noOp, startBenchNode } from "../../support/punctual.ts";
import { serveParent } from "../../support/serve-parent.ts";
import { schema } from "../rows.ts";

const sampleMs = 250;
const bench = await startBenchNode({ databaseUrl: contest.databaseUrl, jobTypes: [noOp(() => undefined)] });
await bench.claims("on");
const apiKey = await bench.apiKey();
const { origin } = bench.node;
const api = createClient({ baseUrl: origin, customerCode: "demo", apiKey });

function kibibytes(pid: number, line: "VmRSS" | "PPid"): number {
  try {
    return Number(new RegExp(`^${line}:\\s+(\\d+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    // It has ended meanwhile.
    return 0;
  }
}

interface Sample {
  readonly nodeMiB: number;
  /** Of each child, the largest first. */
  readonly childrenMiB: number[];
}

function sample(): Sample {
  const pids = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const children = pids.filter((pid) => kibibytes(pid, "PPid") === process.pid);
  const childrenMiB = children.map((pid) => kibibytes(pid, "VmRSS") / 1024).sort((a, b) => b - a);
  return { nodeMiB: kibibytes(process.pid, "VmRSS") / 1024, childrenMiB };
}

/** Runs jobs at once to their end. */
async function work(jobType: string, patterns: readonly string[]): Promise<object> {
  const params = (filenamePattern: string) => ({
    incomingBucketCode: "incoming",
    filenamePattern,
    sourceSchema: schema,
    skipInvalidRecords: true,
    ...(jobType === "transformDataFiles" && {
      transformers: [
        { type: "mapping", fields: { "order.id": "id", "order.total": "amount", country: "country", note: "note" } },
      ],
      targetBucketCode: "processed",
      targetFormat: { format: "jsonl" },
    }),
  });
  const samples: Sample[] = [];
  const sampling = setInterval(() => samples.push(sample()), sampleMs);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const began = performance.now();
  const ids = await Promise.all(patterns.map((pattern) => bench.create(jobType, params(pattern))));
  for (const jobId of ids) {
    for (;;) {
      const job = await api.jobs.get(jobId, { waitSeconds: 30 });
      if (job.status === "FAILED") throw new Error(JSON.stringify(job.error));
      if (job.status === "COMPLETED") break;
    }
  }
  const ms = performance.now() - began;
  delay.disable();
  clearInterval(sampling);
  const most = (of: (sample: Sample) => number): number => Math.max(0, ...samples.map(of));
  return {
    ms,
    loopP99Ms: delay.percentile(99) / 1e6 - 1,
    loopMaxMs: delay.max / 1e6 - 1,
    nodeMiB: most(({ nodeMiB }) => nodeMiB),
    processMiB: most(({ childrenMiB }) => childrenMiB[0] ?? 0),
    overTime: Array.from({ length: 10 }, (_, tenth) => {
      const { nodeMiB = 0, childrenMiB = [] } = samples[Math.floor((samples.length * tenth) / 10)] ?? {};
      return { nodeMiB, processMiB: childrenMiB[0] ?? 0 };
    }),
  };
}

await serveParent(
  {
    where: async () => ({ api: `${origin}/vue/_api/v1`, apiKey }),
    work: (details) => work(details.text("jobType"), details.text("patterns").split(" ")),
  },
  bench.stop,
);

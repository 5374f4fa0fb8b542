/** A node in this process, on a database of its own, with job types that do nothing. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import Type from "typebox";
import { readConfig } from "../../src/config/read-config.ts";
import { newJob } from "../../src/domain/steps/new-job.ts";
import { defineJobType, type JobType } from "../../src/job-types/contract.ts";
import { type Node, startNode } from "../../src/main.ts";
import type { JsonObject } from "../../src/model/job.ts";

export interface BenchNode {
  readonly node: Node;
  /** The key of `demo`'s admin; the first node on a database alone knows it. */
  apiKey(): Promise<string>;
  /** Makes a job of `demo`, or of another customer, through the domain's door. @returns its id, once it is durable */
  create(jobType: string, params: JsonObject, customerCode?: string): Promise<string>;
  /** Starts or stops claiming; everything else of the node goes on. */
  claims(wanted: "on" | "off"): Promise<void>;
  stop(): Promise<void>;
}

export interface BenchNodeOptions {
  readonly databaseUrl: string;
  readonly slots?: number;
  readonly roles?: string;
  readonly egressAllow?: string;
  readonly jobTypes?: readonly JobType[];
}

/** Starts it; it claims nothing before it is told to. */
export async function startBenchNode(options: BenchNodeOptions): Promise<BenchNode> {
  const dataDir = await mkdtemp(join(tmpdir(), "punctual-bench-node-"));
  const flags = {
    port: "0",
    "data-dir": dataDir,
    "database-url": options.databaseUrl,
    "worker-slots": String(options.slots ?? 200),
    roles: options.roles ?? "api,scheduler,worker",
    "egress-allow": options.egressAllow ?? "",
  };
  const node = await startNode(readConfig({}, flags), pino({ level: "silent" }), {
    services: "byHand",
    jobTypes: options.jobTypes ?? [],
  });
  const { context } = node;
  const claiming = node.services.get("claim-jobs");
  for (const service of node.services.values()) if (service !== claiming) service.start();
  const actor = { apiKeyId: "bench", userId: "00000000-0000-0000-0000-000000000000", email: "bench@example.com" };

  return {
    node,
    apiKey: () => readKey(dataDir),
    async create(jobType, params, customerCode = "demo") {
      const type = context.jobTypes.find(jobType);
      if (!type) throw new Error(`there is no job type ${jobType}`);
      const request = { type, definition: null, params, givenParams: "given", options: {}, timing: {} } as const;
      return context.jobWriter.create(newJob(context, { ...actor, customerCode, role: "admin" }, request));
    },
    async claims(wanted) {
      if (wanted === "on") claiming?.start();
      else await claiming?.stop();
    },
    async stop() {
      await node.stop(0);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A job type that tells when it starts, and ends at once. */
export function noOp(started: (jobId: string) => void): JobType {
  return defineJobType({
    code: "noOp",
    name: "No operation",
    description: "Ends at once.",
    paramsSchema: Type.Object({ text: Type.Optional(Type.String()) }, { additionalProperties: false }),
    resultSchema: Type.Unknown(),
    defaults: { timeoutSeconds: 60 },
    async run(ctx) {
      started(ctx.job.id);
      return { ok: true };
    },
  });
}

async function readKey(dataDir: string): Promise<string> {
  const credentials: unknown = JSON.parse(await readFile(join(dataDir, "credentials.json"), "utf8"));
  if (typeof credentials === "object" && credentials && "apiKey" in credentials) return String(credentials.apiKey);
  throw new Error("the credentials hold no key");
}

/** Nodes for tests: real ones, in this process, on a database of their own. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Logger, pino } from "pino";
import { onTestFinished } from "vitest";
import { type Client, createClient } from "../../src/client/client.ts";
import { type Flags, readConfig } from "../../src/config/read-config.ts";
import type { JobType } from "../../src/job-types/contract.ts";
import { type Node, type NodeOptions, startNode } from "../../src/main.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";
import { testJobTypes } from "./job-types.ts";

export interface TestNode extends Node {
  readonly database: TestDatabase;
  /** With the key of `demo`'s first admin. */
  readonly api: Client;
  readonly apiKey: string;
  readonly customerCode: string;
  readonly dataDir: string;
  /** Runs a service once, by its name. */
  run(service: string): Promise<void>;
}

export interface TestNodeOptions extends NodeOptions {
  /** Another node's database, to share it. */
  readonly with?: TestNode;
  readonly flags?: Flags;
  readonly environment?: Readonly<Record<string, string>>;
  /** Hears the node's log; it is silent unless said. */
  readonly log?: Logger;
  /** Instead of the types of `job-types.ts`. */
  readonly testJobTypes?: readonly JobType[];
}

/** The key under which test nodes keep secrets, unless their environment says otherwise. */
export const testSecretKey = Buffer.alloc(32, "secret key").toString("base64");

/**
 * Starts a node with the test job types on a fresh database, or on that of another node, and stops it when the test (or
 * the file, from a `beforeAll`) is over.
 */
export async function startTestNode(options: TestNodeOptions = {}): Promise<TestNode> {
  const node = await openTestNode(options);
  onTestFinished(() => node.close());
  return node;
}

/** The same without an end of its own: the caller closes it. */
export async function openTestNode(options: TestNodeOptions = {}): Promise<TestNode & { close(): Promise<void> }> {
  const database = options.with?.database ?? (await createTestDatabase());
  const dataDir = await mkdtemp(join(tmpdir(), "punctual-node-"));
  const flags = { port: "0", "data-dir": dataDir, "database-url": database.url, ...options.flags };
  const node = await startNode(
    readConfig({ PUNCTUAL_SECRET_KEY: testSecretKey, ...options.environment }, flags),
    options.log ?? pino({ level: process.env.TEST_LOG_LEVEL ?? "silent" }),
    {
      services: options.services ?? "running",
      jobTypes: [...(options.testJobTypes ?? testJobTypes), ...(options.jobTypes ?? [])],
      ...(options.abortGraceMs !== undefined && { abortGraceMs: options.abortGraceMs }),
      ...(options.claimAhead && { claimAhead: options.claimAhead }),
    },
  );
  const apiKey = options.with?.apiKey ?? (await readKey(dataDir));
  const customerCode = "demo";
  return {
    ...node,
    database,
    apiKey,
    customerCode,
    dataDir: flags["data-dir"],
    api: createClient({ baseUrl: node.origin, customerCode, apiKey }),
    async run(name) {
      const found = node.services.get(name);
      if (!found) throw new Error(`there is no service ${name}; there are ${[...node.services.keys()].join(", ")}`);
      await found.runOnce();
    },
    async close() {
      await node.stop(0);
      if (!options.with) await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function readKey(dataDir: string): Promise<string> {
  const credentials: unknown = JSON.parse(await readFile(join(dataDir, "credentials.json"), "utf8"));
  if (typeof credentials === "object" && credentials && "apiKey" in credentials) return String(credentials.apiKey);
  throw new Error("the credentials hold no key");
}

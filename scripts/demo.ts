/** `npm run demo`: a node with a week of a shop's definitions, jobs and failures, to look around in. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createClient } from "../src/client/client.ts";
import { readConfig } from "../src/config/read-config.ts";
import { startNode } from "../src/main.ts";
import { createLogger } from "../src/runtime/logger.ts";
import { fillFiles } from "./demo/files.ts";
import { fillDemo } from "./demo/fill.ts";
import { startServices } from "./demo/services.ts";

const { values } = parseArgs({ options: { port: { type: "string", default: "8080" } } });
const started = Date.now();
const dataDir = await mkdtemp(join(tmpdir(), "punctual-demo-"));
const { address } = await startServices();
const config = readConfig(
  { PUNCTUAL_SECRET_KEY: Buffer.alloc(32, "demo").toString("base64") },
  {
    port: values.port,
    "data-dir": dataDir,
    "egress-proxy": address,
    "egress-allow": "shop.example,*.shop.example,*.bank.example,*.market.example,couriers.example",
  },
);
const node = await startNode(config, createLogger("warn", process.stdout.isTTY)).catch(async (error: unknown) => {
  await rm(dataDir, { recursive: true, force: true });
  throw error;
});
const { customerCode, apiKey } = JSON.parse(await readFile(join(dataDir, "credentials.json"), "utf8"));
const api = createClient({ baseUrl: node.origin, customerCode, apiKey });
await fillFiles({ api, origin: node.origin, customerCode, apiKey });
const jobs = await fillDemo(api, node.context.database.sql, Date.now());

console.log(`A week with ${jobs} occurrences, made in ${Math.round((Date.now() - started) / 1_000)} s.

  ${node.origin}
  customer ${customerCode}
  API key  ${apiKey}

Press Ctrl-C to end it; nothing of it stays behind.`);

async function end(): Promise<void> {
  await node.stop(0);
  await rm(dataDir, { recursive: true, force: true });
  process.exit(0);
}
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void end());

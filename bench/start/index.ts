/**
 * How long a node takes to start, and what it holds when it has nothing to do:
 * `npm run build && npm run bench -- start [--later 5] [--idle 30]`.
 *
 * `npm start`, first in an empty data folder and then `later` times in the same; until it answers that it is ready. Then the memory of
 * the Node process, `idle` seconds after it was.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { cpuOf } from "../support/cpu.ts";
import { readFlags } from "../support/flags.ts";
import { machine, nodeVersion } from "../support/peers.ts";
import { printTable } from "../support/rounds.ts";
import { figure, spread } from "../support/statistics.ts";
import { inWorkplace } from "../support/workplace.ts";

const flags = readFlags({ later: 5, idle: 30 });
const repository = fileURLToPath(new URL("../../", import.meta.url));

interface Started {
  readonly readyMs: number;
  /** CPU milliseconds of the Node process until it was ready. */
  readonly cpuMs: number;
  readonly pid: number;
  stop(): Promise<void>;
}

await inWorkplace(async (workplace) => {
  console.log(`${machine()}\npunctual on Node ${nodeVersion(process.execPath)}, as npm start runs it\n`);
  const dataDir = join(workplace.folder, "data");

  async function start(): Promise<Started> {
    const begun = performance.now();
    const args = ["start", "--", "--port", "0", "--data-dir", dataDir];
    const child = spawn("npm", args, { cwd: repository, stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(child, "exit");
    // The node may have been stopped by then.
    workplace.atEnd(async () => void child.kill());
    const origin = await Promise.race([
      originOf(child.stdout),
      ended.then(() => Promise.reject(new Error("the node ended before it was ready"))),
    ]);
    const answer = await fetch(`${origin}/readyz`);
    if (!answer.ok) throw new Error(`/readyz answered ${answer.status}`);
    const readyMs = performance.now() - begun;
    const pid = await childOf(child.pid ?? 0);
    return {
      readyMs,
      cpuMs: cpuOf(pid),
      pid,
      async stop() {
        process.kill(pid, "SIGTERM");
        await ended;
      },
    };
  }

  const first = await start();
  await delay(flags.idle * 1000);
  const firstMiB = await residentMiB(first.pid);
  await first.stop();
  const later: Started[] = [];
  let laterMiB = Number.NaN;
  for (let time = 0; time < flags.later; time++) {
    const node = await start();
    later.push(node);
    if (time === flags.later - 1) {
      await delay(flags.idle * 1000);
      laterMiB = await residentMiB(node.pid);
    }
    await node.stop();
  }
  const row = (name: string, starts: readonly Started[], mebibytes: number) => [
    name,
    spread(starts.map((one) => one.readyMs)),
    spread(starts.map((one) => one.cpuMs)),
    figure(mebibytes),
  ];
  printTable(
    ["", "ms until ready", "of CPU", `MiB resident, idle for ${flags.idle} s`],
    [row("first", [first], firstMiB), row("later", later, laterMiB)],
  );
  console.log("  target: first ≤ 5,000 ms, later ≤ 2,000 ms, ≤ 200 MiB");
});

/** Waits for the line by which a node says where it listens. */
async function originOf(output: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) => {
    // Read on to the end: a node that could not write its log would wait.
    createInterface({ input: output }).on("line", (line) => {
      const origin = /"listening":"([^"]+)"/.exec(line)?.[1];
      if (origin !== undefined) resolve(origin);
    });
  });
}

/** npm's only child is the node. */
async function childOf(npm: number): Promise<number> {
  return Number.parseInt(await readFile(`/proc/${npm}/task/${npm}/children`, "utf8"), 10);
}

async function residentMiB(pid: number): Promise<number> {
  const kibibytes = /VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kibibytes) / 1024;
}

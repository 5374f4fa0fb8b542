/**
 * `callWebserviceEndpoint` end to end through the queue beside bare undici at the same concurrency:
 * `npm run bench -- webservice [--calls 8000] [--slots 200] [--rounds 3]`.
 *
 * A local server answers after 50 ms, or at once. Bare undici keeps as many calls under way as Punctual has slots, reads each body as
 * JSON and forgets it: nothing is claimed, bounded, or written. `queued` are jobs that were all there before, from the first claim to
 * the last durable result; `made` includes making them meanwhile, in the same process.
 *
 * Load, server, PostgreSQL and node share the machine, so that what each of them costs the CPU is told too, in microseconds a
 * call. From that come two bounds: what a process could do that had one CPU to itself, and what the machine's CPUs can do together.
 */
import { availableParallelism } from "node:os";
import Type from "typebox";
import { type Child, startChild } from "../support/child.ts";
import { cpuOf, cpuOfPostgres } from "../support/cpu.ts";
import { readFlags } from "../support/flags.ts";
import { machine, nodeVersion } from "../support/peers.ts";
import { startPostgres } from "../support/postgres.ts";
import { alternate, type Contender, printRatios, printResults } from "../support/rounds.ts";
import { inWorkplace } from "../support/workplace.ts";

const flags = readFlags({ calls: 8_000, slots: 200, rounds: 3, profile: "" });

const Where = Type.Object({ port: Type.Integer() });
const Took = Type.Object({ ms: Type.Number(), failed: Type.Optional(Type.Integer()) });

await inWorkplace(async (workplace) => {
  const postgres = await startPostgres(workplace);
  const database = await postgres.createDatabase("bench");
  const start = (script: string, profile = ""): Child =>
    startChild(workplace, {
      node: process.execPath,
      script: `bench/webservice/children/${script}.ts`,
      environment: { BENCH_DATABASE_URL: database.url, BENCH_SLOTS: String(flags.slots) },
      // As `npm start` runs a node; for both sides.
      nodeArguments: [
        "--max-semi-space-size=32",
        ...(profile === "" ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`]),
      ],
    });
  const server = start("server");
  const { port } = await server.ask("where", {}, Where);
  const bare = start("bare");
  const punctual = start("punctual", flags.profile);
  console.log(
    `${machine()}\n${postgres.version}: ${postgres.durability}\nall on Node ${nodeVersion(process.execPath)}`,
  );
  console.log(`${flags.calls} calls a round, ${flags.slots} at once, results of about 400 bytes kept`);

  /** CPU milliseconds so far. */
  const cpu = async (child: Child) => ({
    caller: cpuOf(child.pid),
    server: cpuOf(server.pid),
    postgres: (await cpuOfPostgres(database.sql)) ?? Number.NaN,
  });

  for (const { delayMs, target } of [
    { delayMs: 50, target: 0.8 },
    { delayMs: 0, target: 0.4 },
  ]) {
    const url = `http://127.0.0.1:${port}/${delayMs > 0 ? `?ms=${delayMs}` : ""}`;
    const contender = (name: string, child: Child, command: string): Contender => ({
      name,
      async measure() {
        const { calls, slots } = flags;
        if (command === "queued") await child.ask("fill", { url, calls }, Type.Object({}));
        const before = await cpu(child);
        const { ms, failed = 0 } = await child.ask(command, { url, calls, callers: slots }, Took);
        const after = await cpu(child);
        if (failed > 0) throw new Error(`${failed} jobs failed`);
        const perCall = (from: number, to: number) => ((to - from) * 1000) / calls;
        const costs = {
          caller: perCall(before.caller, after.caller),
          server: perCall(before.server, after.server),
          postgres: perCall(before.postgres, after.postgres),
        };
        return {
          "calls/s": (calls / ms) * 1000,
          ...costs,
          "one CPU for the caller": 1_000_000 / costs.caller,
          "all CPUs together": (1_000_000 * availableParallelism()) / (costs.caller + costs.server + costs.postgres),
        };
      },
    });
    const contenders = [
      contender("bare undici", bare, "call"),
      contender("punctual, queued", punctual, "queued"),
      contender("punctual, made", punctual, "made"),
    ];
    const results = await alternate(contenders, flags.rounds, 1);
    console.log(`\na server that takes ${delayMs === 0 ? "no time" : `${delayMs} ms`}`);
    printResults(results, ["calls/s"]);
    console.log("\nmicroseconds of CPU a call");
    printResults(results, ["caller", "server", "postgres"]);
    console.log("\ncalls a second that these allow");
    printResults(results, ["one CPU for the caller", "all CPUs together"]);
    console.log();
    printRatios(results, "calls/s", "punctual, queued", { "bare undici": target });
    printRatios(results, "calls/s", "punctual, made", { "bare undici": target });
    printRatios(results, "one CPU for the caller", "punctual, queued", {});
    printRatios(results, "all CPUs together", "punctual, queued", {});
  }
});

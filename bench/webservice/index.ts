/**
 * `callWebserviceEndpoint` end to end through the queue beside bare undici at the same concurrency:
 * `npm run bench -- webservice [--calls 8000] [--slots 200] [--rounds 3]`.
 *
 * A local server answers after 50 ms, or at once. `queued` are jobs that were all there before; `made` includes making them
 * meanwhile, in the same process.
 */
import Type from "typebox";
import { type Child, startChild } from "../support/child.ts";
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
      nodeArguments: profile === "" ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`],
    });
  const { port } = await start("server").ask("where", {}, Where);
  const bare = start("bare");
  const punctual = start("punctual", flags.profile);
  console.log(
    `${machine()}\n${postgres.version}: ${postgres.durability}\nall on Node ${nodeVersion(process.execPath)}`,
  );
  console.log(`${flags.calls} calls a round, ${flags.slots} at once, results of about 400 bytes kept`);

  for (const { delayMs, target } of [
    { delayMs: 50, target: 0.8 },
    { delayMs: 0, target: 0.4 },
  ]) {
    const url = `http://127.0.0.1:${port}/${delayMs > 0 ? `?ms=${delayMs}` : ""}`;
    const contender = (name: string, child: Child, command: string): Contender => ({
      name,
      async measure() {
        const { calls, slots } = flags;
        const { ms, failed = 0 } = await child.ask(command, { url, calls, callers: slots }, Took);
        if (failed > 0) throw new Error(`${failed} jobs failed`);
        return { "calls/s": (calls / ms) * 1000 };
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
    printRatios(results, "calls/s", "punctual, queued", { "bare undici": target });
    printRatios(results, "calls/s", "punctual, made", { "bare undici": target });
  }
});

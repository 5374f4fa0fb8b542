/**
 * `POST …/_execute` (key, validation, durable commit) beside a bare Fastify route that answers a constant and the same route with
 * one INSERT and commit per request: `npm run bench -- http [--seconds 4] [--rounds 3] [--connections 64]`.
 *
 * autocannon sends the same request to each, from a process of its own on the same machine. Punctual is measured twice: with
 * the role `api` alone, and as it comes, which also runs the jobs meanwhile.
 */
import Type from "typebox";
import { payloadOf } from "../support/callers.ts";
import { type Child, startChild } from "../support/child.ts";
import { readFlags } from "../support/flags.ts";
import { machine, nodeVersion, peerEnvironment, peerNode, peerVersion } from "../support/peers.ts";
import { startPostgres } from "../support/postgres.ts";
import { alternate, type Contender, printRatios, printResults } from "../support/rounds.ts";
import { inWorkplace } from "../support/workplace.ts";

const flags = readFlags({ seconds: 4, rounds: 3, connections: 64, payload: 100, profile: "" });

const Where = Type.Object({ url: Type.String(), apiKey: Type.Optional(Type.String()) });
const Shot = Type.Object({ perSecond: Type.Number(), p50: Type.Number(), p99: Type.Number(), max: Type.Number() });
const Done = Type.Object({});

await inWorkplace(async (workplace) => {
  const peers = peerNode();
  if (peers === undefined) throw new Error("the load generator is missing: run npm ci --prefix bench/peers");
  const postgres = await startPostgres(workplace);
  const body = JSON.stringify({ params: payloadOf(flags.payload) });

  async function start(script: string, environment: Record<string, string>, profile?: string): Promise<Child> {
    const database = await postgres.createDatabase(`bench_${workplace.name()}`);
    return startChild(workplace, {
      node: process.execPath,
      script: `bench/http/children/${script}.ts`,
      environment: { BENCH_DATABASE_URL: database.url, ...environment },
      nodeArguments: profile ? ["--cpu-prof", `--cpu-prof-dir=${profile}`] : [],
    });
  }
  const load = startChild(workplace, {
    node: peers,
    script: "bench/http/children/load.ts",
    environment: peerEnvironment,
  });
  const servers = new Map([
    ["punctual, role api", await start("punctual", { BENCH_ROLES: "api" }, flags.profile)],
    ["bare route", await start("bare", {})],
    ["one INSERT each", await start("insert", {})],
    ["punctual, all roles", await start("punctual", { BENCH_ROLES: "api,scheduler,worker" })],
  ]);
  console.log(`${machine()}\n${postgres.version}: ${postgres.durability}`);
  console.log(
    `servers on Node ${nodeVersion(process.execPath)}, autocannon ${peerVersion("autocannon")} on Node ${nodeVersion(peers)}; ` +
      `${flags.connections} connections, ${flags.seconds} s a round, body ${body.length} bytes\n`,
  );
  const contenders = [...servers].map(
    ([name, server]): Contender => ({
      name,
      async measure() {
        const { url, apiKey = "" } = await server.ask("where", {}, Where);
        const { connections, seconds } = flags;
        const shot = await load.ask("shoot", { url, apiKey, connections, seconds, body }, Shot);
        if (name.startsWith("punctual")) await server.ask("clear", {}, Done);
        return { "requests/s": shot.perSecond, "p50 ms": shot.p50, "p99 ms": shot.p99, "max ms": shot.max };
      },
    }),
  );
  const results = await alternate(contenders, flags.rounds, 1);
  printResults(results, ["requests/s", "p50 ms", "p99 ms", "max ms"]);
  console.log();
  const targets = { "bare route": 0.5, "one INSERT each": 2.5 };
  printRatios(results, "requests/s", "punctual, role api", targets);
  printRatios(results, "requests/s", "punctual, all roles", targets);
});

/** Starts the racers of `queue` and `latency`: each in a process and a database of its own, on one server. */
import { type Child, startChild } from "./child.ts";
import { cpuOf, cpuOfPostgres } from "./cpu.ts";
import { machine, nodeVersion, peerEnvironment, peerNode, peerVersion } from "./peers.ts";
import { type BenchDatabase, startPostgres } from "./postgres.ts";
import { startRedis } from "./redis.ts";
import type { Workplace } from "./workplace.ts";

export interface Racing {
  readonly name: string;
  readonly child: Child;
  /** Of those in PostgreSQL. */
  readonly database: BenchDatabase | null;
  /** CPU milliseconds so far of its process, and of what keeps its jobs. */
  cpu(): Promise<{ readonly node: number; readonly store: number }>;
}

export interface RacingOptions {
  /** Bytes of JSON. */
  readonly payload: number;
  readonly slots: number;
  /** The Node that runs Punctual: this one's, or that of the peers. */
  readonly punctualNode: "own" | "peers";
  /** Arguments of Node for Punctual alone: `--cpu-prof`. */
  readonly nodeArguments?: readonly string[];
  /** By PostgreSQL's names. */
  readonly databaseSettings?: Readonly<Record<string, string>>;
}

/** Starts them and says what races on what; a peer that is not there is skipped by name. */
export async function startRacers(workplace: Workplace, options: RacingOptions): Promise<Racing[]> {
  const postgres = await startPostgres(workplace, options.databaseSettings);
  const redis = await startRedis(workplace);
  const peers = peerNode();
  const own = options.punctualNode === "peers" && peers !== undefined ? peers : process.execPath;
  const shared = { BENCH_PAYLOAD: String(options.payload), BENCH_SLOTS: String(options.slots), ...peerEnvironment };
  console.log(`${machine()}\n${postgres.version}: ${postgres.durability}`);

  async function start(name: string, node: string, kind: "own" | "peer"): Promise<Racing> {
    const database = await postgres.createDatabase(`bench_${name.replace("-", "_")}`);
    const child = startChild(workplace, {
      node,
      script: `bench/queue/children/${name}.ts`,
      environment: { ...shared, BENCH_DATABASE_URL: database.url, BENCH_PG_URL: database.pgUrl },
      nodeArguments: kind === "own" ? (options.nodeArguments ?? []) : [],
    });
    const version = kind === "own" ? "" : ` ${peerVersion(name)}`;
    console.log(`${name}${version} on Node ${nodeVersion(node)}`);
    const cpu = async () => ({ node: cpuOf(child.pid), store: (await cpuOfPostgres(database.sql)) ?? Number.NaN });
    return { name, child, database, cpu };
  }

  const racers = [await start("punctual", own, "own")];
  if (peers === undefined) {
    console.log("peers skipped: run npm ci --prefix bench/peers");
    return racers;
  }
  if (redis) {
    const environment = { ...shared, BENCH_REDIS_SOCKET: redis.socket };
    const child = startChild(workplace, { node: peers, script: "bench/queue/children/bullmq.ts", environment });
    const cpu = async () => ({ node: cpuOf(child.pid), store: cpuOf(redis.pid) });
    racers.push({ name: "bullmq", child, database: null, cpu });
    console.log(
      `bullmq ${peerVersion("bullmq")} on Node ${nodeVersion(peers)}, Redis ${redis.version} with appendfsync always`,
    );
  } else {
    console.log("bullmq skipped: apt-get install redis-server");
  }
  for (const name of ["pg-boss", "graphile-worker"]) racers.push(await start(name, peers, "peer"));
  return racers;
}

/** graphile-worker in the queue races, batched as its page on performance says. It keeps nothing of a job that ended well. */
import { contest } from "../../support/contest.ts";
import { importPeer } from "../../support/peers.ts";
import { inThousands, raceClock, serveRaces } from "../../support/race.ts";

/** What is used of it here. */
interface GraphileWorker {
  run(options: object): Promise<{ stop(): Promise<void> }>;
  makeWorkerUtils(options: object): Promise<WorkerUtils>;
  readonly Logger: new (factory: () => () => void) => object;
}

interface WorkerUtils {
  migrate(): Promise<void>;
  release(): Promise<void>;
  addJob(task: string, payload: object): Promise<{ id: string }>;
  addJobs(jobs: readonly { identifier: string; payload: object }[]): Promise<unknown>;
  withPgClient<T>(work: (client: Client) => Promise<T>): Promise<T>;
}

interface Client {
  query(text: string): Promise<{ rows: readonly { open: boolean }[] }>;
}

const graphile = await importPeer<GraphileWorker>("graphile-worker");
const quiet = new graphile.Logger(() => () => undefined);
const connection = { connectionString: contest.pgUrl, logger: quiet };
const utils = await graphile.makeWorkerUtils({ ...connection, maxPoolSize: 12 });
await utils.migrate();

/** https://worker.graphile.org/docs/performance */
const asDocumented = { concurrentJobs: 24, maxPoolSize: 25, completeJobBatchDelay: 0, failJobBatchDelay: 0 };
const batched = { localQueue: { size: 500 } };

await serveRaces({
  fill: (jobs) =>
    inThousands(jobs, (count) =>
      utils.addJobs(Array.from({ length: count }, () => ({ identifier: "noOp", payload: contest.payload }))),
    ),
  async create() {
    return (await utils.addJob("noOp", contest.payload)).id;
  },
  async work(aim) {
    const runner = await graphile.run({
      preset: { worker: { ...connection, ...asDocumented, ...(aim === "throughput" ? batched : {}) } },
      noHandleSignals: true,
      taskList: {
        async noOp(_payload: unknown, { job }: { job: { id: string } }): Promise<void> {
          raceClock.started(job.id);
        },
      },
    });
    return () => runner.stop();
  },
  allWritten: () =>
    utils.withPgClient(async (client) => {
      const { rows } = await client.query("select exists (select from graphile_worker._private_jobs) as open");
      return rows[0]?.open === false;
    }),
  stop: () => utils.release(),
});

/**
 * pg-boss in the queue races. It keeps its jobs, and each one's own result (`perJobResults`).
 *
 * For throughput it fetches without a pause while batches are full; for latency it is woken by NOTIFY. Sends to a queue with
 * NOTIFY were slower (279, 311 and 1,090 a second against 919, 1,165 and 1,249), so throughput does without.
 */
import { contest } from "../../support/contest.ts";
import { importPeer } from "../../support/peers.ts";
import { inThousands, raceClock, serveRaces } from "../../support/race.ts";

/** What is used of it here. */
interface PgBossModule {
  readonly PgBoss: new (options: object) => PgBoss;
}

interface PgBoss {
  on(event: "error", hear: (error: unknown) => void): void;
  start(): Promise<unknown>;
  stop(options: object): Promise<void>;
  createQueue(name: string, options: object): Promise<void>;
  send(name: string, data: object): Promise<string | null>;
  insert(name: string, jobs: readonly { data: object }[]): Promise<unknown>;
  work(name: string, options: object, handler: (jobs: readonly { id: string }[]) => Promise<object>): Promise<string>;
  offWork(name: string): Promise<void>;
  getDb(): { executeSql(text: string, values: readonly unknown[]): Promise<{ rows: readonly { open: boolean }[] }> };
}

const { PgBoss } = await importPeer<PgBossModule>("pg-boss");
const boss = new PgBoss({ connectionString: contest.pgUrl, max: 12, useListenNotify: true });
boss.on("error", (error) => console.error("pg-boss:", error));
await boss.start();
const queues = { throughput: "bench", latency: "bench_woken" } as const;
await boss.createQueue(queues.throughput, {});
await boss.createQueue(queues.latency, { notify: true });
let name: string = queues.throughput;

/** Of twelve pairs tried twice (100–1000 jobs, 1–8 workers) this was among the best; 500 × 2 and 250 × 8 were level with it. */
const options = {
  throughput: { batchSize: 250, localConcurrency: 4, burstWhenBatchFull: true },
  latency: { batchSize: 1, notifyPollingIntervalSeconds: 0.5 },
} as const;
const always = { pollingIntervalSeconds: 0.5, perJobResults: true };

await serveRaces({
  fill: (jobs) =>
    inThousands(jobs, (count) =>
      boss.insert(
        name,
        Array.from({ length: count }, () => ({ data: contest.payload })),
      ),
    ),
  async create() {
    return (await boss.send(name, contest.payload)) ?? "";
  },
  async work(aim) {
    name = queues[aim];
    await boss.work(name, { ...always, ...options[aim] }, async (jobs) => {
      for (const job of jobs) raceClock.started(job.id);
      return jobs.map(({ id }) => ({ id, status: "completed", output: { ok: true } }));
    });
    return async () => {
      await boss.offWork(name);
      name = queues.throughput;
    };
  },
  async allWritten() {
    const text = "select exists (select from pgboss.job where name = $1 and state < 'completed') as open";
    const { rows } = await boss.getDb().executeSql(text, [name]);
    return rows[0]?.open === false;
  },
  stop: () => boss.stop({ graceful: false, timeout: 1000 }),
});

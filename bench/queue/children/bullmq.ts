/**
 * BullMQ in the queue races. Its jobs and results stay in Redis.
 *
 * Of concurrencies from 25 to 800, each tried twice, 100 and 200 were level and the best.
 */
import { contest } from "../../support/contest.ts";
import { importPeer } from "../../support/peers.ts";
import { inThousands, raceClock, serveRaces } from "../../support/race.ts";

/** What is used of it here. */
interface BullMq {
  readonly Queue: new (name: string, options: object) => Queue;
  readonly Worker: new (name: string, run: (job: { id?: string }) => Promise<object>, options: object) => Worker;
}

interface Queue {
  add(name: string, data: object): Promise<{ id?: string }>;
  addBulk(jobs: readonly { name: string; data: object }[]): Promise<unknown>;
  getJobCountByTypes(...types: string[]): Promise<number>;
  close(): Promise<void>;
}

interface Worker {
  on(event: "error", hear: (error: unknown) => void): void;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

const { Queue, Worker } = await importPeer<BullMq>("bullmq");
const connection = { path: contest.redisSocket, maxRetriesPerRequest: null };
const queue = new Queue("bench", { connection });

await serveRaces({
  fill: (jobs) =>
    inThousands(jobs, (count) =>
      queue.addBulk(Array.from({ length: count }, () => ({ name: "noOp", data: contest.payload }))),
    ),
  async create() {
    return (await queue.add("noOp", contest.payload)).id ?? "";
  },
  async work() {
    const worker = new Worker(
      "bench",
      async (job) => {
        raceClock.started(job.id ?? "");
        return { ok: true };
      },
      { connection, concurrency: contest.slots },
    );
    worker.on("error", (error) => console.error("bullmq:", error));
    await worker.waitUntilReady();
    return () => worker.close();
  },
  async allWritten() {
    return (await queue.getJobCountByTypes("waiting", "active", "delayed", "prioritized")) === 0;
  },
  stop: () => queue.close(),
});

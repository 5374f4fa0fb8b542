/** BullMQ's job schedulers: each makes its next job when the last one starts. */
import { setTimeout as delay } from "node:timers/promises";
import { contest } from "../../support/contest.ts";
import { importPeer } from "../../support/peers.ts";
import { serveParent } from "../../support/serve-parent.ts";

/** What is used of it here. */
interface BullMq {
  readonly Queue: new (name: string, options: object) => Queue;
  readonly Worker: new (name: string, run: (job: { id?: string }) => Promise<object>, options: object) => Worker;
}

interface Queue {
  upsertJobScheduler(
    id: string,
    repeat: { pattern: string },
    template: { name: string; data: object },
  ): Promise<unknown>;
  close(): Promise<void>;
}

interface Worker {
  on(event: "error", hear: (error: unknown) => void): void;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

const { Queue, Worker } = await importPeer<BullMq>("bullmq");
const connection = { path: contest.redisSocket, maxRetriesPerRequest: null };
const queue = new Queue("schedules", { connection });
let samples: number[] = [];
const worker = new Worker(
  "schedules",
  async (job) => {
    // `repeat:<scheduler>:<nominal time>`
    samples.push(Date.now() - Number(job.id?.split(":").at(-1)));
    return { ok: true };
  },
  { connection, concurrency: contest.slots },
);
worker.on("error", (error) => console.error("bullmq:", error));
await worker.waitUntilReady();

await serveParent(
  {
    async schedule(details) {
      const schedulers = details.number("schedulers");
      for (let first = 0; first < schedulers; first += 100) {
        const some = Array.from({ length: Math.min(100, schedulers - first) }, (_, index) =>
          queue.upsertJobScheduler(
            `s${first + index}`,
            { pattern: "* * * * * *" },
            { name: "noOp", data: contest.payload },
          ),
        );
        await Promise.all(some);
      }
      return {};
    },
    async listen(details) {
      samples = [];
      await delay(details.number("seconds") * 1000);
      return { samples };
    },
  },
  async () => {
    await worker.close();
    await queue.close();
  },
);

/** The races that every queue runs in the same way, in a process of its own. */
import { runCallers, until } from "./callers.ts";
import { serveParent } from "./serve-parent.ts";

/** A queue, as the races see it. Its jobs do nothing but tell {@link RaceClock} that they have started. */
export interface Racer {
  /** Makes so many jobs by the fastest way there is; nothing is at work meanwhile. */
  fill(jobs: number): Promise<unknown>;
  /** Makes one job. @returns its id, once it is durable */
  create(): Promise<string>;
  /** Sets the worker to work, for throughput or for a job now and then. @returns a way to stop it */
  work(aim: "throughput" | "latency"): Promise<() => Promise<unknown>>;
  /** Whether the ends of all jobs are durable. */
  allWritten(): boolean | Promise<boolean>;
  stop(): Promise<unknown>;
}

/** Hears of each start. */
export interface RaceClock {
  started(jobId: string): void;
}

const clock = { count: 0, firstAt: Number.NaN, startedAt: new Map<string, number>(), keeps: false };

/** The clock of this process. */
export const raceClock: RaceClock = {
  started(jobId) {
    if (clock.count === 0) clock.firstAt = performance.now();
    clock.count += 1;
    if (clock.keeps) clock.startedAt.set(jobId, performance.now());
  },
};

/** Serves the races to the parent. */
export async function serveRaces(racer: Racer): Promise<void> {
  await serveParent(
    {
      /** Makes jobs that nobody runs yet. */
      async fill(details) {
        await racer.fill(details.number("jobs"));
        return {};
      },
      /** From the first start of jobs that were all there to the last durable end. */
      async burnDown(details) {
        const jobs = details.number("jobs");
        clock.count = 0;
        const stop = await racer.work("throughput");
        await until(() => clock.count >= jobs);
        await until(() => racer.allWritten());
        const ms = performance.now() - clock.firstAt;
        await stop();
        return { ms };
      },
      /** From the first call to the last durable end, callers and worker side by side. */
      async sustained(details) {
        const jobs = details.number("jobs");
        clock.count = 0;
        const stop = await racer.work("throughput");
        const begun = performance.now();
        await runCallers(jobs, details.number("callers"), () => racer.create());
        const enqueueMs = performance.now() - begun;
        await until(() => clock.count >= jobs);
        await until(() => racer.allWritten());
        const ms = performance.now() - begun;
        await stop();
        return { ms, enqueueMs };
      },
      /** Calls alone: from the first call to the last durable job. */
      async enqueue(details) {
        const begun = performance.now();
        await runCallers(details.number("jobs"), details.number("callers"), () => racer.create());
        const ms = performance.now() - begun;
        const stop = await racer.work("throughput");
        await until(() => racer.allWritten());
        await stop();
        return { ms };
      },
      /** From the call to the start, one job after another with pauses between. */
      async latency(details) {
        const stop = await racer.work("latency");
        const samples: number[] = [];
        clock.keeps = true;
        for (let index = 0; index < details.number("jobs"); index++) {
          await new Promise((resolve) => setTimeout(resolve, 2 + Math.random() * 10));
          const begun = performance.now();
          const jobId = await racer.create();
          await until(() => clock.startedAt.has(jobId));
          samples.push((clock.startedAt.get(jobId) ?? Number.NaN) - begun);
          clock.startedAt.clear();
        }
        clock.keeps = false;
        await stop();
        return { samples };
      },
    },
    () => racer.stop(),
  );
}

/** Cuts so many jobs into pieces of a thousand, for peers that take many at once. */
export async function inThousands(jobs: number, make: (count: number) => Promise<unknown>): Promise<void> {
  for (let done = 0; done < jobs; done += 1000) await make(Math.min(1000, jobs - done));
}

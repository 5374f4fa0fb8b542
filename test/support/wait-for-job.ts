import type { Client } from "../../src/client/client.ts";

type Job = Awaited<ReturnType<Client["jobs"]["get"]>>;

/** Reads a job again and again until `done` says so (by default: until it has ended). The test's own time limit bounds it. */
export async function waitForJob(
  api: Client,
  jobId: string,
  done: (job: Job) => boolean = (job) => job.status !== "STARTED",
): Promise<Job> {
  for (;;) {
    const job = await api.jobs.get(jobId);
    if (done(job)) return job;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

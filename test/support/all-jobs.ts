import type { Client } from "../../src/client/client.ts";

type JobPage = Awaited<ReturnType<Client["jobs"]["list"]>>;

/** Reads every page of the list of jobs. */
export async function allJobs(
  api: Client,
  query: Parameters<Client["jobs"]["list"]>[0] = {},
): Promise<JobPage["jobs"]> {
  const jobs: JobPage["jobs"] = [];
  let cursor: string | null | undefined;
  do {
    const page: JobPage = await api.jobs.list({ ...query, limit: 200, ...(cursor && { cursor }) });
    jobs.push(...page.jobs);
    cursor = page.nextCursor;
  } while (cursor);
  return jobs;
}

/** Resolves when no job is STARTED any more. The test's own time limit bounds it. */
export async function untilAllEnded(api: Client): Promise<void> {
  for (;;) {
    const [unfinished] = (await api.jobs.list({ status: "STARTED", limit: 1 })).jobs;
    if (!unfinished) return;
    // The node answers when that one has ended.
    await api.jobs.get(unfinished.jobId, { waitSeconds: 30 });
  }
}

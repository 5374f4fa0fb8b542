/** How jobs call the tests' webservice, and how often each did. */
import type { Client } from "../../src/client/client.ts";
import type { Webservice } from "./webservice.ts";

/** Creates so many jobs that each call the webservice once, with the job's id as `Idempotency-Key`. @returns their ids */
export async function createCalls(
  api: Client,
  webservice: Webservice,
  count: number,
  path = "/work",
): Promise<string[]> {
  const ids: string[] = [];
  // Some at a time: a client that opens 600 connections tests something else.
  for (let left = count; left > 0; left -= 50) {
    const some = Array.from({ length: Math.min(left, 50) }, () =>
      api.jobTypes.execute("callWebserviceEndpoint", { params: { url: webservice.origin + path, method: "POST" } }),
    );
    for (const { jobId } of await Promise.all(some)) ids.push(jobId);
  }
  return ids;
}

/** Calls by job. */
export function callsByJob(webservice: Webservice): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { headers } of webservice.requests) {
    const jobId = String(headers["idempotency-key"]);
    counts.set(jobId, (counts.get(jobId) ?? 0) + 1);
  }
  return counts;
}

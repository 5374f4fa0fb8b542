import type { ChildOutcome, ChildRequest } from "../model/child-job.ts";
import type { JobKey } from "../model/job-id.ts";
import { findJob } from "../store/jobs/find-job.ts";
import { type Child, listChildren } from "../store/jobs/list-children.ts";
import type { ClaimedJob } from "./claim-jobs.ts";
import type { Context } from "./context.ts";
import { startChild } from "./start-child.ts";
import { readLargeResult } from "./steps/large-results.ts";
import { readPatiently } from "./steps/read-patiently.ts";

export type { Child };

/** What a running job may do with its children. */
export interface Children {
  start(parent: ClaimedJob, step: string, request: ChildRequest): Promise<JobKey>;
  list(parent: ClaimedJob): Promise<Child[]>;
  /** What a child has come to; undefined while it has not ended, and where its record is gone. */
  read(parent: ClaimedJob, child: JobKey): Promise<ChildOutcome | undefined>;
}

/** The children of whatever runs on this node. */
export function createChildren(context: Context): Children {
  const { database } = context;
  return {
    start: (parent, step, request) => startChild(context, parent, step, request),
    list: (parent) => readPatiently(database, (sql) => listChildren(sql, parent.customerCode, parent)),
    async read(parent, child) {
      const found = await readPatiently(database, (sql) => findJob(sql, parent.customerCode, child));
      if (!found || found.status === "STARTED") return undefined;
      const { jobId, status, error } = found;
      if (!found.resultApart) return { jobId, status, result: found.result, error };
      const result = await readLargeResult(database, child);
      return result && { jobId, status, result: JSON.parse(Buffer.from(result).toString()), error };
    },
  };
}

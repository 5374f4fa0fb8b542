import type { JobFailure } from "../../model/job.ts";

const workerLost: JobFailure = {
  code: "WORKER_LOST",
  message: "The node that ran this job died or stopped, and the job may not run again.",
  retryable: false,
  details: {},
};

/** JSON of the failure of a job that its node lost, where `onWorkerLost` is `fail`. */
export const workerLostJson = JSON.stringify(workerLost);

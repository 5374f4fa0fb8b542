import type { JobFailure } from "../../model/job.ts";

const selfBlocked: JobFailure = {
  code: "SELF_BLOCKED",
  message:
    "The jobs that wait for this one hold all of maxConcurrent of its definition, so its turn would never come. " +
    "Raise options.maxConcurrent of the definition, or have the parent use another one.",
  retryable: false,
  details: {},
};

/** JSON of the failure of a child that its ancestors hold up. */
export const selfBlockedJson = JSON.stringify(selfBlocked);

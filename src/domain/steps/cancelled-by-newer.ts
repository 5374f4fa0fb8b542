import type { JobFailure } from "../../model/job.ts";

/** How long a job that was cancelled may take to end before the one that is held for it starts all the same, in milliseconds. */
export const cancelGraceMs = 10_000;

function cancelled(message: string): string {
  return JSON.stringify({ code: "CANCELLED", message, retryable: false, details: {} } satisfies JobFailure);
}

/** JSON of the failure of a job that a newer occurrence of its schedule cancels. */
export const cancelledByNewer = cancelled(
  "The job was cancelled because its schedule was due again (overlap: cancelRunning).",
);

/** JSON of the failure of its children. */
export const cancelledWithParent = cancelled(
  "The job was cancelled with its parent, whose schedule was due again (overlap: cancelRunning).",
);

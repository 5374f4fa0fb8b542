import type { Context } from "../context.ts";
import { tellJob } from "../tell-changes.ts";
import type { Accounted } from "./account.ts";
import { announceCancelled, cancelDescendantsSoon } from "./cancel-tree.ts";
import { cancelledWithParent } from "./cancelled-by-newer.ts";

/** Tells, once they are committed, of the jobs that schedules have made and cancelled, and measures how late they were. */
export async function announceAccounted(context: Context, { made, withoutJob, cancelled }: Accounted): Promise<void> {
  const { metrics, changes, events, admitter, holds } = context;
  for (const job of made) {
    metrics.jobsCreated(job.customerCode, job.jobType);
    tellJob(changes, job, "STARTED", "QUEUED");
    metrics.occurrenceFired(job.customerCode, job.outcome, job.lateMs);
  }
  for (const { customerCode, range } of withoutJob) {
    metrics.occurrencesWithoutJob(customerCode, range.outcome, range.count);
  }
  if (made.length > 0) {
    events.emit("jobsReady");
    events.emit("jobsCreated");
  }
  const blocked = made.filter((job) => job.state === "blocked" && job.fate === "start");
  admitter.admit(
    blocked.map(({ customerCode, definitionId, concurrencyKey }) => ({ customerCode, definitionId, concurrencyKey })),
  );
  // What a held job waits for may have ended while it was being made.
  for (const job of made) if (job.fate === "hold") holds.look(job.definitionId);
  if (cancelled.length === 0) return;
  await announceCancelled(context, cancelled);
  for (const customerCode of new Set(cancelled.map((job) => job.customerCode))) {
    const parents = cancelled.filter((job) => job.customerCode === customerCode).map((job) => job.id);
    cancelDescendantsSoon(context, { customerCode, parents, error: cancelledWithParent });
  }
}

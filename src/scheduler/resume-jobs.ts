/**
 * The sweep of waiting jobs: finds what nobody was told of, because a node died between a commit and the look that follows it.
 *
 * Invariants: a job whose last child has ended runs again within a second, or within some where thousands wait; one that has waited
 * too long fails, and takes its children with it; so does one that was cancelled; a child that its ancestors hold up fails. Every node may run this at once.
 */
import type { Context } from "../domain/context.ts";
import { expireWaits } from "../domain/expire-waits.ts";
import { sweepAwaitingJobs } from "../domain/sweep-awaiting-jobs.ts";
import { firstChild, sweepOrphans } from "../domain/sweep-orphans.ts";
import { sweepSelfBlockedJobs } from "../domain/sweep-self-blocked-jobs.ts";
import { firstUuid } from "../model/job-id.ts";
import { type Service, service } from "../runtime/service.ts";

const everyMs = 1_000;
/** Jobs that one sweep looks at: it costs milliseconds, however many wait. */
const atOnce = 2_000;

/** Makes the service. */
export function createResumeJobs(context: Context): Service {
  let awaitingAfter = firstUuid;
  let blockedAfter = firstUuid;
  let childAfter = firstChild;
  return service("resume-jobs", { everyMs }, context.log, async () => {
    blockedAfter = await sweepSelfBlockedJobs(context, blockedAfter, atOnce);
    awaitingAfter = await sweepAwaitingJobs(context, awaitingAfter, atOnce);
    await expireWaits(context);
    childAfter = await sweepOrphans(context, childAfter, atOnce);
  });
}

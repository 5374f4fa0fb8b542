import type { Events } from "../../runtime/events.ts";
import { groupsOf, type LeftPlace } from "../../store/jobs/left-place.ts";
import type { Admitter } from "../admit-jobs.ts";

/** Who is told of jobs that run again. */
export interface ResumeAudience {
  readonly events: Events;
  readonly admitter: Admitter;
}

/** Tells, once it is committed, of jobs that are in the queue again: to nodes with free slots, and to who lets blocked ones through. */
export function announceResumed({ events, admitter }: ResumeAudience, resumed: readonly LeftPlace[]): void {
  if (resumed.length === 0) return;
  events.emit("jobsReady");
  events.emit("jobsCreated");
  admitter.admit(groupsOf(resumed));
}

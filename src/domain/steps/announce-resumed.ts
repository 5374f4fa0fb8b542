import { groupsOf, type LeftPlace } from "../../store/jobs/left-place.ts";
import type { Context } from "../context.ts";

/** Tells, once it is committed, of jobs that are in the queue again: to nodes with free slots, and to who lets blocked ones through. */
export function announceResumed(
  { events, admitter }: Pick<Context, "events" | "admitter">,
  resumed: readonly LeftPlace[],
): void {
  if (resumed.length === 0) return;
  events.emit("jobsReady");
  events.emit("jobsCreated");
  admitter.admit(groupsOf(resumed));
}

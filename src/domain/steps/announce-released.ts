import type { ReleasedClaim } from "../../store/jobs/release-claims.ts";
import type { Context } from "../context.ts";
import { announceEnded, type EndAudience } from "./announce-ended.ts";

export type { ReleasedClaim };

/** Tells of claims that were taken back, once that is committed: jobs to be run again, and jobs that were given up. */
export async function announceReleased(
  node: EndAudience & Pick<Context, "events">,
  released: readonly ReleasedClaim[],
): Promise<void> {
  const ended = released.flatMap((one) => one.ended ?? []);
  if (ended.length < released.length) {
    node.events.emit("jobsReady");
    node.events.emit("jobsCreated");
  }
  await announceEnded(node, ended);
}

/**
 * Fires schedules, and settles what they have put aside.
 *
 * States: asleep (until the next schedule is due) → firing (while any is) → settling (a slice, then looks for due ones again) → asleep.
 * Invariants: what is due fires before anything that was put aside, but where something always is, every few batches leave room for
 * a small slice; a schedule that is saved, paused or resumed on any node is
 * seen at once, by notification, and within a second where that gets lost; a run is bounded, so that a node can stop.
 */
import type { Context } from "../domain/context.ts";
import { fireSchedules } from "../domain/fire-schedules.ts";
import { largestSlice, settleBacklogs } from "../domain/settle-backlogs.ts";
import { untilNextFire } from "../domain/until-next-fire.ts";
import { type Service, service } from "../runtime/service.ts";

const longestSleepMs = 1_000;
/** Before another look at schedules that other nodes have locked. */
const othersMs = 20;
/** Batches and slices of one run. */
const mostRounds = 20;
/** While schedules are due: so many batches, then a slice of so many jobs, which keeps what is due waiting for a moment only. */
const batchesPerSlice = 4;
const smallSlice = 500;

/** Makes the service; every scheduler node has one. */
export function createFireSchedules(context: Context): Service {
  let sleepMs = 0;
  let fireAfter = "";
  let settleAfter = "";

  /** @returns whether it has come to the end of what is due */
  async function work(): Promise<"done" | "more"> {
    // Of those before the customer at which the last run stopped it is not known.
    let settledAny = settleAfter !== "";
    for (let round = 0; round < mostRounds; round += 1) {
      const fired = await fireSchedules(context, fireAfter);
      fireAfter = fired.startAfter;
      const isFiring = fired.schedules > 0 || (fired.found === "some" && fireAfter !== "");
      if (isFiring && (round + 1) % batchesPerSlice !== 0) continue;
      const slice = await settleBacklogs(context, settleAfter, fired.found === "some" ? smallSlice : largestSlice);
      settleAfter = slice.startAfter;
      settledAny ||= slice.settled > 0;
      if (isFiring) continue;
      if (fired.found === "some") return "done";
      if (settleAfter !== "") continue;
      if (!settledAny) return "done";
      settledAny = false;
    }
    return "more";
  }

  const fire = service("fire-schedules", { everyMs: () => sleepMs }, context.log, async () => {
    // What goes wrong is tried again soon, not at once.
    sleepMs = longestSleepMs;
    if ((await work()) === "more") {
      sleepMs = 0;
      return;
    }
    const nextMs = await untilNextFire(context);
    sleepMs = nextMs === null ? longestSleepMs : Math.min(longestSleepMs, nextMs <= 0 ? othersMs : Math.ceil(nextMs));
  });
  context.events.on("schedulesChanged", () => fire.wake());
  return fire;
}

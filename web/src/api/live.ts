/** How pages stay up to date: the one place that decides, so that a stream of events can take over from asking. */
import { ProblemError } from "./request.ts";

/** How often a page asks again while what it shows can change, in milliseconds. */
const liveMs = 2_000;

/**
 * For `refetchInterval` of a query; what the node refuses is not asked again. React Query asks nothing while the tab is hidden, and at once when it is seen again.
 *
 * @param live whether what is shown can still change
 */
export function useLive(live: boolean) {
  return {
    refetchInterval: ({ state }: { state: { error: Error | null } }): number | false =>
      live && !(state.error instanceof ProblemError) ? liveMs : false,
  };
}

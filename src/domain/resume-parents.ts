import { createBatcher } from "../runtime/batcher.ts";
import { resumeJobs } from "../store/jobs/resume-jobs.ts";
import type { Context } from "./context.ts";
import { announceResumed } from "./steps/announce-resumed.ts";

type Outside = Pick<Context, "database" | "events" | "admitter">;

/** Puts those of the given jobs back into the queue that wait for no unfinished child any more. */
export async function resumeParents(outside: Outside, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  announceResumed(outside, await outside.database.repeatable((sql) => resumeJobs(sql, ids)));
}

/** Lets looks for one parent after another share statements. */
export interface ParentResumer {
  /** Looks soon whether the job waits for no unfinished child any more; what goes wrong the sweep makes good. */
  look(id: string): void;
}

/** Makes the resumer of this node. */
export function createParentResumer(context: Context): ParentResumer {
  const looks = createBatcher<string, "looked">({
    maxSize: 500,
    maxRunning: 1,
    isRefused: () => false,
    async run(ids) {
      await resumeParents(context, ids);
      return ids.map(() => "looked");
    },
  });
  return {
    look(id) {
      looks.add(id).catch((error: unknown) => {
        context.log.warn({ err: error }, "waiting jobs could not be looked after; the sweep will");
      });
    },
  };
}

import { createBatcher } from "../runtime/batcher.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Database } from "../store/database.ts";
import { resumeJobs } from "../store/jobs/resume-jobs.ts";
import { announceResumed, type ResumeAudience } from "./steps/announce-resumed.ts";

/** What a look needs of its node. */
type Outside = ResumeAudience & { readonly database: Database };

/** Puts those of the given jobs back into the queue that wait for no unfinished child any more. */
export async function resumeParents(outside: Outside, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  announceResumed(outside, await outside.database.repeatable((sql) => resumeJobs(sql, ids)));
}

/** Lets looks for one parent after another share statements. */
export interface ParentResumer {
  /**
   * Looks soon whether the job waits for no unfinished child any more. Resolves when it has; never rejects, because the sweep
   * makes good what goes wrong.
   */
  look(id: string): Promise<void>;
}

/** Makes the resumer of this node. */
export function createParentResumer(outside: Outside & { readonly log: Logger }): ParentResumer {
  const looks = createBatcher<string, "looked">({
    maxSize: 500,
    maxRunning: 1,
    isRefused: () => false,
    async run(ids) {
      await resumeParents(outside, [...new Set(ids)]);
      return ids.map(() => "looked");
    },
  });
  return {
    async look(id) {
      try {
        await looks.add(id);
      } catch (error) {
        outside.log.warn({ err: error }, "waiting jobs could not be looked after; the sweep will");
      }
    },
  };
}

import { concurrencyKeyOf } from "../../model/concurrency-key.ts";
import type { MadeOccurrence } from "../../model/firing/apply-overlap.ts";
import { resolveJobOptions } from "../../model/job-options.ts";
import type { ScheduledJobs } from "../../store/jobs/insert-scheduled-jobs.ts";
import { readParams } from "../../store/schedules/read-params.ts";
import type { Sql } from "../../store/sql.ts";
import type { Context } from "../context.ts";
import type { Account } from "./account.ts";

/** Where a definition's type is not installed on this node, its jobs get this time limit. */
const unknownTypeTimeoutSeconds = 300;

/**
 * The jobs that schedules get. Their params are checked when they run: a job that fails tells of params that no longer suit their
 * type, and can be run again when they do; a schedule that makes none would be overlooked.
 */
export async function scheduledJobs(
  context: Context,
  sql: Sql,
  wanted: readonly { readonly account: Account; readonly occurrences: readonly MadeOccurrence[] }[],
  ids: ReadonlyMap<MadeOccurrence, string>,
): Promise<ScheduledJobs[]> {
  const all: ScheduledJobs[] = [];
  for (const { account, occurrences } of wanted) {
    const { definitionId, jobType, options: given } = account.definition;
    const timeoutSeconds = context.jobTypes.find(jobType)?.defaults.timeoutSeconds ?? unknownTypeTimeoutSeconds;
    const options = resolveJobOptions(given, timeoutSeconds);
    // One by one, because params may be large; hardly any key is made of them.
    const params = options.concurrencyKey?.includes("{{") ? await readParams(sql, definitionId) : {};
    all.push({
      definitionId,
      options,
      concurrencyKey: concurrencyKeyOf(options.concurrencyKey, params),
      by: account.by,
      jobs: occurrences.map((one) => ({ id: ids.get(one) ?? "", kind: one.kind, scheduledFor: one.scheduledFor })),
    });
  }
  return all;
}

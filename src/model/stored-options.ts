/**
 * Options as a job keeps them: its time limit, and what is not the default.
 *
 * A job has a copy of its options in each of two tables, which were a third of what it wrote. The defaults are therefore part of
 * what is stored: one that changes must be written out for the jobs that are there.
 */
import type { JsonText } from "./job.ts";
import { defaultJobOptions, type GivenJobOptions, type JobOptions, resolveJobOptions } from "./job-options.ts";

const defaults = defaultJobOptions(0);

/** Writes options down. */
export function storedOptions({ timeoutSeconds, retry, ...rest }: JobOptions): JsonText {
  const kept = differing(rest, defaults);
  const keptRetry = differing(retry, defaults.retry);
  if (Object.keys(keptRetry).length > 0) kept.retry = keptRetry;
  return JSON.stringify({ timeoutSeconds, ...kept });
}

/** Reads options as they were written down, or whole, as they were before. */
export function readStoredOptions(stored: GivenJobOptions): JobOptions {
  return resolveJobOptions(stored, stored.timeoutSeconds ?? 300);
}

function differing<T extends object>(fields: T, usual: T): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const key in fields) {
    const value = fields[key];
    if (value === usual[key] || (Array.isArray(value) && value.length === 0)) continue;
    kept[key] = value;
  }
  return kept;
}

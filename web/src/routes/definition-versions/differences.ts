/** In what two versions of a definition differ, field by field. */
import { resolveJobOptions } from "../../../../src/model/job-options.ts";
import { resolveSchedule } from "../../../../src/model/schedule.ts";
import type { DefinitionVersion } from "../../api/definition-versions.ts";

/** A field that differs. */
export interface Difference {
  /** The names that lead to it, such as `retry`, `maxAttempts`. */
  readonly path: readonly string[];
  /** undefined: it was not there. */
  readonly before: unknown;
  /** undefined: it is not there. */
  readonly after: unknown;
}

/** The parts of a definition, each with its fields that differ; parts without any are left out. */
export type DifferencesByPart = readonly (readonly [name: string, differences: readonly Difference[]])[];

/** Where the node does not know a type, its time limit is told as this. */
const unknownTypeTimeoutSeconds = 300;

/**
 * Compares two versions with every default filled in, so that one that is said and one that is not are the same.
 *
 * @param timeoutOf the time limit of a job type in seconds, where the node knows the type
 */
export function compareVersions(
  before: DefinitionVersion,
  after: DefinitionVersion,
  timeoutOf: (jobType: string) => number | undefined,
): DifferencesByPart {
  const [old, fresh] = [partsOf(before, timeoutOf), partsOf(after, timeoutOf)];
  const parts = Object.keys(fresh).map((name) => [name, differencesOf(old[name], fresh[name], [])] as const);
  return parts.filter(([, differences]) => differences.length > 0);
}

function partsOf(
  { jobDefinition }: DefinitionVersion,
  timeoutOf: (jobType: string) => number | undefined,
): Record<string, unknown> {
  const { name, description, jobType, schedule, params, options } = jobDefinition;
  return {
    "What it is": { name, description, jobType },
    Params: params,
    Schedule: schedule === null ? {} : resolveSchedule(schedule),
    Options: resolveJobOptions(options, timeoutOf(jobType) ?? unknownTypeTimeoutSeconds),
  };
}

/** The leaves in which two JSON values differ, in the order of their names. */
export function differencesOf(before: unknown, after: unknown, path: readonly string[]): Difference[] {
  if (isBranch(before) && isBranch(after) && Array.isArray(before) === Array.isArray(after)) {
    const [old, fresh] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
    const names = new Set([...old.keys(), ...fresh.keys()]);
    return [...names].flatMap((name) => differencesOf(old.get(name), fresh.get(name), [...path, name]));
  }
  return before === after ? [] : [{ path, before, after }];
}

function isBranch(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** A text cut where two texts begin and cease to differ. */
export interface Cut {
  readonly start: string;
  readonly middle: string;
  readonly end: string;
}

/** Shows what of two texts differs: what they begin and end with in common is apart. */
export function cutCommon(before: string, after: string): { readonly before: Cut; readonly after: Cut } {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const cut = (text: string): Cut => ({
    start: text.slice(0, start),
    middle: text.slice(start, text.length - end),
    end: text.slice(text.length - end),
  });
  return { before: cut(before), after: cut(after) };
}

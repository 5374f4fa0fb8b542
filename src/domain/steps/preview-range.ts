import type { Context } from "../context.ts";

/** From when, and how many next times; now and 10 where absent. */
export interface PreviewRange {
  readonly after: Date | undefined;
  readonly count: number | undefined;
}

/** Fills in the defaults of a range. @returns `after` in whole milliseconds since 1970 */
export function resolveRange(context: Context, { after, count }: PreviewRange): { after: number; count: number } {
  return { after: Math.floor(after?.getTime() ?? context.clock.now()), count: count ?? 10 };
}

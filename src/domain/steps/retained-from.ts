import type { Context } from "../context.ts";

const dayMs = 86_400_000;

/** The earliest moment of which the ledger tells: what was due before is not accounted for any more. */
export function retainedFrom({ retentionDays }: Pick<Context, "retentionDays">, now: number): number {
  return now - retentionDays * dayMs;
}

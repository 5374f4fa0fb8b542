import type { JoblessRange } from "../../model/firing/account.ts";
import type { Context } from "../context.ts";

/** Takes into the metrics, once they are committed, occurrences of a customer's schedule for which no job was made. */
export function countSkipped({ metrics }: Context, customerCode: string, ranges: readonly JoblessRange[]): void {
  for (const { outcome, count } of ranges) metrics.occurrencesWithoutJob(customerCode, outcome, count);
}

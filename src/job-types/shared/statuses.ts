/** Whether a status is among those that params name as numbers and ranges. */
export function isAmong(status: number, ranges: readonly (number | string)[]): boolean {
  return ranges.some((range) => {
    if (typeof range === "number") return status === range;
    const [from = 0, to = from] = range.split("-").map(Number);
    return status >= from && status <= to;
  });
}

/** The statuses after which a retry may help, unless the params say otherwise. */
export const defaultRetryOn: readonly (number | string)[] = [408, 425, 429, 500, "502-504", "520-529"];

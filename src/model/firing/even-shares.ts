/**
 * Divides `total` among customers as evenly as what each wants allows; whoever wants less leaves the rest to the others.
 *
 * @param wanted how many each wants, by customer; where `total` is less than their number, the first get one
 */
export function evenShares(wanted: ReadonlyMap<string, number>, total: number): Map<string, number> {
  const shares = new Map<string, number>();
  const byWant = [...wanted].sort(([, a], [, b]) => a - b);
  let left = total;
  let customers = byWant.length;
  for (const [customerCode, want] of byWant) {
    const share = Math.min(want, Math.max(Math.floor(left / customers), Math.min(left, 1)));
    if (share > 0) shares.set(customerCode, share);
    left -= share;
    customers -= 1;
  }
  return shares;
}

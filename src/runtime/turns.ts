/**
 * Places of which a node has few, given to customers in turn: one customer never has all of them, and none waits behind another's queue.
 */

/** Gives places. */
export interface Turns {
  /** Waits for a place. @returns a way to give it back, once @throws the reason of the signal */
  take(customerCode: string, signal: AbortSignal): Promise<() => void>;
}

/** Makes them. @param places at least 2 */
export function createTurns(places: number): Turns {
  const mostOfOne = Math.max(1, places - 1);
  const taken = new Map<string, number>();
  /** By customer, in the order of their turns. */
  const waiting = new Map<string, Set<() => void>>();
  let all = 0;

  function startNext(): void {
    while (all < places) {
      const turn = [...waiting].find(([customer]) => (taken.get(customer) ?? 0) < mostOfOne);
      if (!turn) return;
      const [customer, queue] = turn;
      const [next] = queue;
      // To the end of the line, if more of it waits.
      waiting.delete(customer);
      if (!next) continue;
      queue.delete(next);
      if (queue.size > 0) waiting.set(customer, queue);
      all += 1;
      taken.set(customer, (taken.get(customer) ?? 0) + 1);
      next();
    }
  }

  function giveBack(customerCode: string): void {
    all -= 1;
    const left = (taken.get(customerCode) ?? 1) - 1;
    if (left === 0) taken.delete(customerCode);
    else taken.set(customerCode, left);
    startNext();
  }

  return {
    take: (customerCode, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const queue = waiting.get(customerCode) ?? new Set();
        const aborted = (): void => {
          queue.delete(start);
          if (queue.size === 0) waiting.delete(customerCode);
          reject(signal.reason);
        };
        const start = (): void => {
          signal.removeEventListener("abort", aborted);
          resolve(() => giveBack(customerCode));
        };
        signal.addEventListener("abort", aborted, { once: true });
        waiting.set(customerCode, queue.add(start));
        startNext();
      }),
  };
}

/**
 * Lets concurrent callers share one statement and one commit.
 *
 * States: idle → running ⇄ running with callers waiting. Invariants: an idle batcher starts at once, so a lone caller waits for
 * nothing; at most `maxRunning` batches run at a time, and each holds at most `maxSize` items of a bounded
 * weight together (or one that is heavier, alone); every caller gets the
 * answer of its own item; an item that is refused fails alone, because its batch is halved until it stands alone; where
 * a failure says that no other batch would fare better, those that wait fail with it, untried, rather than one batch after another.
 */

/** How a batcher gathers items, and how it runs them. */
export interface BatcherOptions<Item, Answer> {
  readonly maxSize: number;
  readonly maxRunning: number;
  /** Bounds the work of one batch where items differ much: writing it out blocks the node. Absent: they do not. */
  readonly weight?: { readonly most: number; of(item: Item): number };
  /** Answers each item, in order. */
  run(items: readonly Item[]): Promise<readonly Answer[]>;
  /** Whether the failure of a batch took no effect and may be the fault of one of its items. */
  isRefused(error: unknown): boolean;
  /** Whether whatever waits would fail like this too. Absent: it never does. */
  isHopeless?(error: unknown): boolean;
}

/** Takes single items and answers each, running them together. */
export interface Batcher<Item, Answer> {
  add(item: Item): Promise<Answer>;
  /** Resolves when all that was added has been answered. */
  drained(): Promise<void>;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** Makes a batcher. */
export function createBatcher<Item, Answer>(options: BatcherOptions<Item, Answer>): Batcher<Item, Answer> {
  let waiting: Waiting<Item, Answer>[] = [];
  let running = 0;
  let planned = false;
  let idle: (() => void)[] = [];

  function plan(): void {
    if (planned || running >= options.maxRunning) return;
    planned = true;
    // One turn of the event loop: what arrived in the same read of the sockets goes together.
    setImmediate(() => {
      planned = false;
      startBatch();
    });
  }

  function startBatch(): void {
    if (waiting.length === 0 || running >= options.maxRunning) return;
    const size = nextSize();
    const batch = waiting.slice(0, size);
    waiting = waiting.slice(size);
    running += 1;
    runBatch(batch).finally(() => {
      running -= 1;
      if (waiting.length > 0) startBatch();
      else if (running === 0) settleIdle();
    });
    if (waiting.length > 0) plan();
  }

  function nextSize(): number {
    const { weight } = options;
    if (!weight) return options.maxSize;
    let total = 0;
    let size = 0;
    for (const { item } of waiting) {
      total += weight.of(item);
      if (size === options.maxSize || (size > 0 && total > weight.most)) break;
      size += 1;
    }
    return size;
  }

  async function runBatch(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    let answers: readonly Answer[];
    try {
      answers = await options.run(batch.map((one) => one.item));
    } catch (error) {
      if (batch.length > 1 && options.isRefused(error)) {
        const half = batch.length >> 1;
        await runBatch(batch.slice(0, half));
        await runBatch(batch.slice(half));
        return;
      }
      const failed = options.isHopeless?.(error) ? [...batch, ...waiting.splice(0)] : batch;
      for (const one of failed) one.reject(error);
      return;
    }
    for (const [index, one] of batch.entries()) {
      const answer = answers[index];
      if (answer === undefined) one.reject(new Error("a batch answered fewer items than it was given"));
      else one.resolve(answer);
    }
  }

  function settleIdle(): void {
    for (const resolve of idle) resolve();
    idle = [];
  }

  return {
    add(item) {
      return new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        plan();
      });
    },
    async drained() {
      if (waiting.length === 0 && running === 0) return;
      await new Promise<void>((resolve) => idle.push(resolve));
    },
  };
}

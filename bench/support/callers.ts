/** Callers as an API server has them: each makes one call, waits for its answer, and makes the next. */
export async function runCallers(
  total: number,
  callers: number,
  call: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  async function caller(): Promise<void> {
    while (next < total) {
      const index = next;
      next += 1;
      await call(index);
    }
  }
  await Promise.all(Array.from({ length: Math.min(callers, total) }, caller));
}

/** Asks again every millisecond until the answer is yes. */
export async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** The payload of a job: an object whose JSON is `bytes` long. */
export function payloadOf(bytes: number): { text: string } {
  return { text: "x".repeat(Math.max(1, bytes - '{"text":""}'.length)) };
}

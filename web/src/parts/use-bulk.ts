import { notifications } from "@mantine/notifications";
import { useState } from "react";

/** How many requests of one bulk are under way at once: a hundred jobs must not hold up the node's other callers. */
const atOnce = 4;

/** Does one thing to many, tells how far it is, and says at the end what went well and what did not. */
export function useBulk(): {
  readonly progress: { readonly done: number; readonly total: number } | undefined;
  run(ids: readonly string[], work: (id: string) => Promise<unknown>, verb: string): Promise<void>;
} {
  const [progress, setProgress] = useState<{ done: number; total: number }>();
  return {
    progress,
    async run(ids, work, verb) {
      const waiting = [...ids];
      const refusals: string[] = [];
      let done = 0;
      setProgress({ done, total: ids.length });
      async function next(): Promise<void> {
        for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
          await work(id).catch((error: Error) => refusals.push(error.message));
          done += 1;
          setProgress({ done, total: ids.length });
        }
      }
      await Promise.all(Array.from({ length: atOnce }, next));
      setProgress(undefined);
      const [first] = refusals;
      notifications.show({
        title: `${ids.length - refusals.length} of ${ids.length} ${verb}`,
        message: first === undefined ? "" : refusals.length > 1 ? `${first} (and ${refusals.length - 1} more)` : first,
        color: first === undefined ? "accent" : "red",
        autoClose: first === undefined ? 4_000 : 12_000,
      });
    },
  };
}

/** Whether the node answers. States: reached → lost (a request got no answer) → reached (any request did). */
import { useSyncExternalStore } from "react";

type Connection = "reached" | "lost";

let state: Connection = "reached";
const listeners = new Set<() => void>();

/** Says how the last request went. */
export function setConnection(next: Connection): void {
  if (next === state) return;
  state = next;
  for (const listener of listeners) listener();
}

/** The state of the connection, kept up to date. */
export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

/**
 * How pages stay up to date: one stream of events for the whole tab says what has changed, and what is shown of it is read again.
 *
 * States of the stream: off (nobody is signed in, or the tab is hidden) → connecting → open → connecting (it broke) → … . Invariants:
 * only what a page has marked as live is read again; what changes many times a second is read again once a second, or every five; while
 * the stream is not open pages ask again by themselves; whatever happened while it was not is read when it opens.
 */
import type { Query, QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { followStream } from "./event-stream.ts";
import { ProblemError, tellReached, tellUnreachable } from "./request.ts";

/** How often a live page asks again while no stream tells it, in milliseconds. */
const askMs = 5_000;
/** While one does: for what changes by the passing of time alone. */
const checkMs = 60_000;
/** The shortest time between two readings of the same, and of what takes the node longer. */
const soonMs = 1_000;
const laterMs = 5_000;

const kinds = ["job", "progress", "definition", "notification"] as const;
type Kind = (typeof kinds)[number];

type Keys = readonly (readonly unknown[])[];

/** What is read again after a change: the beginnings of its keys. */
function keysOf(kind: Kind, jobId: string | undefined): { readonly soon: Keys; readonly later: Keys } {
  const jobs: Keys = [
    ["jobs", "list"],
    ["jobs", jobId],
  ];
  switch (kind) {
    case "job":
      return {
        soon: jobs,
        later: [["overview"], ["occurrences"], ["job-definitions"], ["notifications"], ["buckets"]],
      };
    case "progress":
      return { soon: jobs, later: [] };
    case "definition":
      return { soon: [["job-definitions"], ["occurrences"], ["audit-events"]], later: [["overview"]] };
    case "notification":
      return { soon: [["notifications"]], later: [] };
  }
}

/** Gathers keys, and reads each again once in a while. */
function createLane(paceMs: number, readAgain: (keys: Keys) => void) {
  const changed = new Map<string, readonly unknown[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let readAt = 0;

  function flush(): void {
    timer = undefined;
    readAt = Date.now();
    const keys = [...changed.values()];
    changed.clear();
    readAgain(keys);
  }
  return {
    add(keys: Keys): void {
      for (const key of keys) changed.set(JSON.stringify(key), key);
      if (changed.size > 0) timer ??= setTimeout(flush, Math.max(0, readAt + paceMs - Date.now()));
    },
    stop: () => clearTimeout(timer),
  };
}

let isOpen = false;
const listeners = new Set<() => void>();

function setOpen(next: boolean): void {
  if (next === isOpen) return;
  isOpen = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Makes a query live; what the node refuses is not asked again. Nothing is asked while the tab is hidden, and at once when it is seen again.
 *
 * @param live whether what is shown can still change
 */
export function useLive(live: boolean) {
  const ms = useSyncExternalStore(subscribe, () => (isOpen ? checkMs : askMs));
  return {
    meta: { live },
    refetchInterval: ({ state }: { state: { error: Error | null } }): number | false =>
      live && !(state.error instanceof ProblemError) ? ms : false,
  };
}

function isLive(query: Query): boolean {
  return query.isActive() && query.observers.some(({ options }) => options.meta?.live === true);
}

/**
 * Follows the events of whoever is signed in, until the returned function is called.
 *
 * @param queries what is read again
 */
export function followEvents(queries: QueryClient): () => void {
  function readAgain(keys: Keys): void {
    for (const queryKey of keys) void queries.invalidateQueries({ queryKey, predicate: isLive });
  }

  const soon = createLane(soonMs, readAgain);
  const later = createLane(laterMs, readAgain);

  function hear(kind: Kind, data: string): void {
    const keys = keysOf(kind, jobIdOf(data));
    soon.add(keys.soon);
    later.add(keys.later);
  }

  const readAll = (): void => readAgain([[]]);
  const changes = kinds.map((kind) => [kind, (data: string) => hear(kind, data)]);
  const stop = followStream(`kinds=${kinds.join(",")}`, {
    events: { ...Object.fromEntries(changes), ready: readAll, reset: readAll },
    opened() {
      setOpen(true);
      tellReached();
    },
    lost(why) {
      const wasOpen = isOpen;
      setOpen(false);
      // A reading tells a node that is gone from a stream that has ended, and a session that has.
      if (why === "broken" && wasOpen) readAgain([["notifications"]]);
      if (why === "offline") tellUnreachable();
    },
  });
  return () => {
    soon.stop();
    later.stop();
    stop();
    setOpen(false);
  };
}

function jobIdOf(data: string): string | undefined {
  const value: unknown = JSON.parse(data);
  return typeof value === "object" && value !== null && "jobId" in value && typeof value.jobId === "string"
    ? value.jobId
    : undefined;
}

/**
 * One stream of the node's events, for as long as somebody looks.
 *
 * States: closed (the tab is hidden, or the network is gone) → connecting → open → connecting (it broke) → … . Invariants: a stream that
 * breaks is opened again, by the browser or, where the node refused it, from here; a tab that is hidden gives its connection back.
 */
import { apiUrl } from "./request.ts";

/** How long a tab is hidden before it gives its connection back: a browser has six to a node for all of its tabs. */
const hiddenMs = 20_000;
/** Until the stream is opened again where the node refused it. */
const reopenMs = 10_000;

/** Who hears of a stream. */
export interface StreamListener {
  /** By the name of the event; what it is given is the event's JSON. */
  readonly events: Readonly<Record<string, (data: string) => void>>;
  opened(): void;
  /** Also where it was not open. */
  lost(why: "broken" | "hidden" | "offline"): void;
}

/**
 * Follows a stream until the returned function is called.
 *
 * @param query of `/events`, such as `kinds=log&jobId=…`
 */
export function followStream(query: string, listener: StreamListener): () => void {
  let source: EventSource | undefined;
  let reopening: ReturnType<typeof setTimeout> | undefined;
  let hiding: ReturnType<typeof setTimeout> | undefined;

  function open(): void {
    if (source) return;
    clearTimeout(reopening);
    const opened = new EventSource(`${apiUrl}/events?${query}`);
    source = opened;
    for (const [name, hear] of Object.entries(listener.events)) {
      opened.addEventListener(name, ({ data }: MessageEvent<string>) => hear(data));
    }
    opened.addEventListener("open", () => listener.opened());
    opened.addEventListener("error", () => {
      listener.lost("broken");
      if (opened.readyState !== EventSource.CLOSED) return;
      close();
      reopening = setTimeout(open, reopenMs);
    });
  }

  function close(): void {
    source?.close();
    source = undefined;
    clearTimeout(reopening);
  }

  function watchTab(): void {
    clearTimeout(hiding);
    if (!document.hidden) open();
    else {
      hiding = setTimeout(() => {
        close();
        listener.lost("hidden");
      }, hiddenMs);
    }
  }

  // A browser that has lost its network does not always say so to its open connections.
  function lose(): void {
    close();
    listener.lost("offline");
  }

  document.addEventListener("visibilitychange", watchTab);
  addEventListener("offline", lose);
  addEventListener("online", watchTab);
  if (!document.hidden) open();
  return () => {
    document.removeEventListener("visibilitychange", watchTab);
    removeEventListener("offline", lose);
    removeEventListener("online", watchTab);
    clearTimeout(hiding);
    close();
  };
}

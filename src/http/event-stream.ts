/**
 * One reader's stream of server-sent events (WHATWG HTML, section 9.2).
 *
 * States: open → closing (the last event is written) → closed. Invariants: what waits for a reader is bounded: one that takes
 * nothing while a megabyte waits is closed as too slow, and cut off when it does not take even that; a stream says something
 * every 15 s, so that whoever is between does not take it for dead; none lasts longer than an hour, since the key that let it
 * in may have expired.
 */
import { Readable } from "node:stream";
import type { ChangeSink, CloseReason } from "../runtime/change-feed.ts";

const mostWaiting = 1024 * 1024;
const beatEveryMs = 15_000;
const longestLifeMs = 3_600_000;
/** How long a reader may take over the last event. */
const closeWithinMs = 5_000;

/** Told to a reader whose connection breaks: when it should come again, in milliseconds. */
const opening = "retry: 2000\n\n";

/**
 * Opens a stream.
 *
 * @param subscribe starts the flow into the sink, and returns a way to stop it
 */
export function openEventStream(subscribe: (sink: ChangeSink) => () => void): Readable {
  let state: "open" | "closing" = "open";
  // Its own buffer is the measure of how far the reader is behind.
  const stream = new Readable({ read: () => undefined, highWaterMark: mostWaiting });
  stream.push(opening);

  const sink: ChangeSink = {
    write(text) {
      if (state !== "open" || stream.destroyed) return;
      if (!stream.push(text) && stream.readableLength > mostWaiting) sink.close("tooSlow");
    },
    close(reason: CloseReason) {
      if (state !== "open" || stream.destroyed) return;
      state = "closing";
      stop();
      stream.push(`event: closed\ndata: ${JSON.stringify({ reason })}\n\n`);
      stream.push(null);
      setTimeout(() => stream.destroy(), closeWithinMs).unref();
    },
  };
  const beat = setInterval(() => sink.write(": beat\n\n"), beatEveryMs);
  beat.unref();
  const life = setTimeout(() => sink.close("lifetimeOver"), longestLifeMs);
  life.unref();
  let unsubscribe: () => void = () => undefined;

  function stop(): void {
    clearInterval(beat);
    clearTimeout(life);
    unsubscribe();
  }

  stream.once("close", stop);
  unsubscribe = subscribe(sink);
  if (state !== "open") unsubscribe();
  return stream;
}

/** A reader of `GET /events`, as a browser's EventSource reads. */
import { onTestFinished } from "vitest";
import { type Caller, prefix } from "./http.ts";

export interface ReadEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface EventReader {
  /** All that has come so far. */
  readonly events: readonly ReadEvent[];
  /** The first event, from the next that was not looked at, that fulfils the condition; fails when the stream ends before it. */
  until(condition: (event: ReadEvent) => boolean): Promise<ReadEvent>;
  close(): Promise<void>;
}

/** Opens a stream and waits for its first event; `stopped`: reads nothing at all. */
export async function createEventReader(
  { origin, apiKey, customerCode }: Caller,
  query: string,
  lastEventId: string | null = null,
  pace: "reading" | "stopped" = "reading",
): Promise<EventReader> {
  const stop = new AbortController();
  const response = await fetch(`${origin}${prefix}/events${query}`, {
    signal: stop.signal,
    headers: {
      authorization: `Bearer ${apiKey}`,
      "x-customer-code": customerCode,
      ...(lastEventId !== null && { "last-event-id": lastEventId }),
    },
  });
  if (!response.ok || !response.body) throw new Error(`${response.status} ${await response.text()}`);
  const chunks = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const events: ReadEvent[] = [];
  let rest = "";
  let looked = 0;

  async function more(): Promise<void> {
    const { done, value } = await chunks.read();
    if (done) throw new Error(`the stream ended after ${JSON.stringify(events.slice(-3))}`);
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop() ?? "";
    events.push(...blocks.flatMap(readBlock));
  }

  async function until(condition: (event: ReadEvent) => boolean): Promise<ReadEvent> {
    for (;;) {
      for (const event of events.slice(looked)) {
        looked += 1;
        if (condition(event)) return event;
      }
      await more();
    }
  }

  async function close(): Promise<void> {
    stop.abort();
    await chunks.cancel().catch(() => undefined);
  }
  onTestFinished(close);
  if (pace === "reading") while (events.length === 0) await more();
  return { events, until, close };
}

/** What the events of one name said. */
export function eventsOf({ events }: EventReader, name: string): ReadEvent["data"][] {
  return events.filter(({ event }) => event === name).map(({ data }) => data);
}

function readBlock(block: string): ReadEvent[] {
  const fields = new Map(block.split("\n").map((line) => [line.split(":", 1)[0] ?? "", line.replace(/^[^:]*: ?/, "")]));
  const event = fields.get("event");
  if (event === undefined) return [];
  const data: unknown = JSON.parse(fields.get("data") ?? "{}");
  return [{ id: fields.get("id") ?? "", event, data: typeof data === "object" && data !== null ? { ...data } : {} }];
}

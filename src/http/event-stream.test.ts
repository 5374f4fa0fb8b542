import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ChangeSink } from "../runtime/change-feed.ts";
import { openEventStream } from "./event-stream.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A stream with what it has said so far, and whether its flow has been stopped. */
function open() {
  const held: { sink?: ChangeSink; stopped: number } = { stopped: 0 };
  const stream = openEventStream((sink) => {
    held.sink = sink;
    return () => {
      held.stopped += 1;
    };
  });
  const said = () => String(stream.read() ?? "");
  return { stream, held, said };
}

test("a stream that has nothing to say says so every 15 s, and tells the reader when to come again", async () => {
  const { said, stream } = open();
  expect(said()).toBe("retry: 2000\n\n");
  await vi.advanceTimersByTimeAsync(14_999);
  expect(said()).toBe("");
  await vi.advanceTimersByTimeAsync(1);
  expect(said()).toBe(": beat\n\n");
  await vi.advanceTimersByTimeAsync(30_000);
  expect(said()).toBe(": beat\n\n: beat\n\n");
  stream.destroy();
});

test("after an hour it ends and says why, and beats no more", async () => {
  const { said, held, stream } = open();
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(said()).toMatch(/: beat\n\nevent: closed\ndata: \{"reason":"lifetimeOver"\}\n\n$/);
  expect(held.stopped).toBe(1);
  held.sink?.write("data: more\n\n");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said()).toBe("");
  expect(stream.readableEnded).toBe(true);
});

test("a reader that takes nothing while a megabyte waits is told that it is too slow, and is cut off 5 s later", async () => {
  const { held, stream } = open();
  const kibibyte = "x".repeat(1024);
  for (let count = 0; count < 1023; count += 1) held.sink?.write(kibibyte);
  expect(held.stopped).toBe(0);
  for (let count = 0; count < 2; count += 1) held.sink?.write(kibibyte);
  expect(held.stopped).toBe(1);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(stream.destroyed).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(stream.destroyed).toBe(true);
});

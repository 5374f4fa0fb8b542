import { expect, test } from "vitest";
import { createLineRoom } from "./line-room.ts";

/** Takes until there is no room. @returns the lines that were taken */
function fill(room: ReturnType<ReturnType<typeof createLineRoom>["of"]>, bytes: number): number {
  let taken = 0;
  for (; !room.isFull(); taken += 1) room.take(bytes);
  return taken;
}

test("a customer that floods the room leaves a part of it to each of the others", () => {
  const room = createLineRoom();
  expect(fill(room.of("flood"), 10)).toBe(75_000);
  expect(fill(room.of("second"), 10)).toBe(18_750);
  expect(room.of("third").isFull()).toBe(false);
});

test("bytes are shared like lines, and what is freed can be taken again", () => {
  const room = createLineRoom();
  const flood = room.of("flood");
  const taken = fill(flood, 1024 * 1024);
  expect(taken).toBe(12);
  expect(room.of("other").isFull()).toBe(false);
  flood.free(taken, taken * 1024 * 1024);
  expect(room.lines()).toBe(0);
  expect(fill(flood, 1024 * 1024)).toBe(12);
});

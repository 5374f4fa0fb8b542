import { expect, test } from "vitest";
import { createRunReport, mostBytes, mostLines } from "./run-report.ts";

function open(run = 1, capacity = Number.POSITIVE_INFINITY) {
  const held = { lines: 0, bytes: 0 };
  const room = {
    isFull: () => held.lines >= capacity,
    take(bytes: number) {
      held.lines += 1;
      held.bytes += bytes;
    },
    free(lines: number, bytes: number) {
      held.lines -= lines;
      held.bytes -= bytes;
    },
  };
  const report = createRunReport({ run, room, now: () => 1_000, mask: (text) => text, changed: () => undefined });
  const texts = () => report.lines(Number.POSITIVE_INFINITY).map((line) => line.message);
  return { held, report, texts };
}

test("a node without room drops and counts, takes lines again when there is room, and says so once at the end", () => {
  const { held, report, texts } = open(1, 3);
  for (let n = 0; n < 10; n += 1) report.log.info(`${n}`);
  expect(texts()).toEqual(["0", "1", "2"]);
  report.forgetLines(3);
  expect(held).toEqual({ lines: 0, bytes: 0 });
  report.log.info("after");
  expect(report.isEmpty()).toBe(false);
  report.forgetLines(1);
  expect(report.isEmpty()).toBe(true);
  report.close();
  expect(report.isEmpty()).toBe(false);
  report.seal();
  report.seal();
  report.log.info("too late");
  report.progress(1, 2);
  expect(texts()).toEqual([expect.stringMatching(/^7 more lines were dropped/)]);
  report.forgetLines(1);
  expect(report.isEmpty()).toBe(true);
  expect(held).toEqual({ lines: 0, bytes: 0 });
});

test("what earlier runs logged counts: the newest lines that go beyond are dropped", () => {
  const { held, report, texts } = open(3);
  for (const line of ["a", "b", "c"]) report.log.info(line);
  report.measured(mostLines - 2, 10);
  expect(texts()).toEqual(["a", "b"]);
  expect(held.lines).toBe(2);
  report.log.info("d");
  report.close();
  report.seal();
  expect(texts()[2]).toMatch(/^2 more lines were dropped/);
  expect(report.lines(1)[0]).toMatchObject({ seq: 131_073, run: 3, at: new Date(1_000) });
});

test("bytes count as UTF-8", () => {
  const { report, texts } = open();
  for (let n = 0; n < 200; n += 1) report.log.info("€".repeat(8_192));
  expect(texts()).toHaveLength(Math.floor(mostBytes / (3 * 8_192)));
});

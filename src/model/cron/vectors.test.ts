import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CronError } from "./cron-error.ts";
import { nextOccurrence, previousOccurrence } from "./occurrences.ts";
import { parseCron } from "./parse-cron.ts";

interface Vector {
  readonly cron: string;
  readonly timeZone: string;
  readonly after: string;
  readonly next?: readonly string[];
  readonly invalid?: true;
}

function readVectors(file: string): Vector[] {
  const text = readFileSync(new URL(`vectors/${file}`, import.meta.url), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Vector => JSON.parse(line));
}

/** As many next times as the vector has, and one more where it says by having fewer than six that there is none. */
function answer(vector: Vector, open: boolean): string[] {
  const cron = parseCron(vector.cron);
  const wanted = vector.next?.length ?? 0;
  const times: string[] = [];
  let after = Date.parse(vector.after);
  while (times.length < wanted + (open || wanted >= 6 ? 0 : 1)) {
    const next = nextOccurrence(cron, vector.timeZone, after);
    if (next === undefined) break;
    times.push(new Date(next).toISOString().replace(".000Z", "Z"));
    after = next;
  }
  return times;
}

describe.each(["cron-quartz.jsonl", "cron-unix.jsonl", "cron-dst.jsonl"])("%s", (file) => {
  const vectors = readVectors(file);

  test("every next time is the vector's", () => {
    const wrong = vectors
      .filter((vector) => !vector.invalid)
      .map((vector) => ({ vector, times: answer(vector, file === "cron-dst.jsonl") }))
      .filter(({ vector, times }) => JSON.stringify(times) !== JSON.stringify(vector.next));
    expect(wrong).toEqual([]);
  });

  test("every invalid expression is refused by CronError", () => {
    for (const { cron } of vectors.filter((vector) => vector.invalid)) {
      expect(() => parseCron(cron), cron).toThrow(CronError);
    }
  });

  test("backwards they are the same", () => {
    for (const { cron, timeZone, next } of vectors.filter((vector) => !vector.invalid)) {
      const times = (next ?? []).map((time) => Date.parse(time));
      for (const [index, time] of times.entries()) {
        if (index === 0) continue;
        expect(previousOccurrence(parseCron(cron), timeZone, time), `${cron} before ${next?.[index]}`).toBe(
          times[index - 1],
        );
      }
    }
  });
});

import { expect, test } from "vitest";
import type { Schedule } from "../schedule.ts";
import { dueOccurrence, type Step } from "./account.ts";
import { applyOverlap, skipAll, type Unfinished } from "./apply-overlap.ts";

const start = Date.parse("2026-11-24T23:59:57Z");
const due = (count: number): Step[] =>
  Array.from({ length: count }, (_, index) => dueOccurrence(start + index * 1000, "schedule", start + index * 1000, 0));

const nothing: Unfinished = { active: [], held: null, newest: null };
const one: Unfinished = { active: ["a"], held: null, newest: start - 1000 };
const both: Unfinished = { active: ["a"], held: "h", newest: start - 1000 };
const newer: Unfinished = { active: ["a"], held: "h", newest: start + 3000 };

test.each<[Schedule["overlap"], string, Unfinished, string[], string[]]>([
  ["allow", "nothing", nothing, ["start", "start", "start"], []],
  ["allow", "one", one, ["start", "start", "start"], []],
  ["skip", "nothing", nothing, ["start", "previous job still unfinished ×2"], []],
  ["skip", "one", one, ["previous job still unfinished ×3"], []],
  ["queueOne", "nothing", nothing, ["start", "hold", "one already queued ×1"], []],
  ["queueOne", "one", one, ["hold", "one already queued ×2"], []],
  ["queueOne", "one and a held one", both, ["one already queued ×3"], []],
  ["cancelRunning", "nothing", nothing, ["replaced", "replaced", "start"], []],
  ["cancelRunning", "one", one, ["replaced", "replaced", "hold"], ["a"]],
  ["cancelRunning", "one and a held one", both, ["replaced", "replaced", "hold"], ["a", "h"]],
  ["cancelRunning", "newer ones", newer, ["replaced", "replaced", "replaced"], []],
])("%s beside %s", (rule, _name, unfinished, expected, cancelled) => {
  const { steps, cancel } = applyOverlap(rule, due(3), unfinished);
  expect(steps.map((step) => (step.type === "made" ? step.fate : `${step.reason} ×${step.count}`))).toEqual(expected);
  expect(cancel).toEqual(cancelled);
});

test("no row of the ledger crosses a midnight of UTC", () => {
  const ranges = skipAll(due(6), "paused").map(({ from, until, count }) => [from - start, until - start, count]);
  expect(ranges).toEqual([
    [0, 2_000, 3],
    [3_000, 5_000, 3],
  ]);
});

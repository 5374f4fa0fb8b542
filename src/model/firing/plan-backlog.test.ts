import { expect, test } from "vitest";
import { openSchedule } from "../cron/schedule.ts";
import type { Schedule } from "../schedule.ts";
import type { Step } from "./account.ts";
import { type BacklogSpan, planBacklog } from "./plan-backlog.ts";

const asOf = Date.parse("2026-11-24T12:00:00Z");
const hour = 3_600_000;

function settle(cron: string, catchUp: Schedule["catchUp"], window: number, span: Partial<BacklogSpan>, most = 1_000) {
  const schedule = openSchedule({ cron });
  let rest: BacklogSpan = { from: asOf - hour, to: asOf - 60_000, asOf, regardlessFrom: null, made: 0, ...span };
  const steps: Step[] = [];
  let slices = 0;
  for (;;) {
    slices += 1;
    const at = { now: asOf, jitterMs: 0, state: "active" as const };
    const slice = planBacklog(schedule, { catchUp, catchUpWindowSeconds: window }, rest, at, most);
    expect(slice.steps.filter((step) => step.type === "due").length).toBeLessThanOrEqual(most);
    steps.push(...slice.steps);
    if (slice.from === null) return { steps: steps.map(line), slices };
    rest = { ...rest, from: slice.from, made: slice.made };
  }
}

function line(step: Step): string {
  const time = (at: number): string => new Date(at).toISOString().slice(5, 19);
  if (step.type === "due") return `${time(step.scheduledFor)} ${step.kind} ${step.outcome}`;
  return `${time(step.from)}–${time(step.until)} ×${step.count} ${step.outcome}: ${step.reason}`;
}

test("none misses everything, in a row for each day", () => {
  const { steps } = settle("* * * * * *", "none", 0, { from: asOf - 36 * hour });
  expect(steps).toEqual([
    "11-23T00:00:00–11-23T23:59:59 ×86400 missed: catchUp is none",
    "11-24T00:00:00–11-24T11:58:59 ×43140 missed: catchUp is none",
  ]);
});

test("latest makes the newest inside the window", () => {
  const from = asOf - 3 * hour;
  expect(settle("*/30 * * * *", "latest", 3600, { from }).steps).toEqual([
    "11-24T09:00:00–11-24T10:30:00 ×4 missed: older than catchUpWindowSeconds",
    "11-24T11:00:00–11-24T11:00:00 ×1 missed: catchUp is latest: only the newest is made",
    "11-24T11:30:00 catchUp late",
  ]);
  expect(settle("*/30 * * * *", "latest", 1799, { from }).steps).toEqual([
    "11-24T09:00:00–11-24T11:30:00 ×6 missed: older than catchUpWindowSeconds",
  ]);
});

test("all makes those inside the window, oldest first, a thousand at most, in slices", () => {
  const { steps, slices } = settle("* * * * * *", "all", 1800, {}, 300);
  expect(steps[0]).toBe("11-24T11:00:00–11-24T11:29:59 ×1800 missed: older than catchUpWindowSeconds");
  expect(steps.slice(1, 1_001).every((step) => step.endsWith(" catchUp late"))).toBe(true);
  expect(steps[1]).toBe("11-24T11:30:00 catchUp late");
  expect(steps.slice(1_001)).toEqual(["11-24T11:46:40–11-24T11:58:59 ×740 missed: catchUp makes 1000 jobs at most"]);
  expect(slices).toBe(4);
});

test("what was due in the last minute before an edit is made whatever catchUp says", () => {
  const span = { from: asOf - 90_000, to: asOf + 1, regardlessFrom: asOf - 60_000 };
  expect(settle("*/20 * * * * *", "none", 0, span).steps).toEqual([
    "11-24T11:58:40–11-24T11:58:40 ×1 missed: catchUp is none",
    "11-24T11:59:00 schedule late",
    "11-24T11:59:20 schedule late",
    "11-24T11:59:40 schedule late",
    "11-24T12:00:00 schedule fired",
  ]);
});

test("what only jitter held back waits for its time, and is skipped where the definition is paused meanwhile", () => {
  const schedule = openSchedule({ cron: "*/30 * * * * *" });
  const rules = { catchUp: "none", catchUpWindowSeconds: 0 } as const;
  const span = { from: asOf - 60_000, to: asOf + 1, asOf, regardlessFrom: asOf - 100_000, made: 0 };
  const at = { now: asOf, jitterMs: 40_000, state: "active" as const };
  const active = planBacklog(schedule, rules, span, at, 10);
  expect(active.steps.map(line)).toEqual(["11-24T11:59:00 schedule late"]);
  expect(active).toMatchObject({ from: asOf - 30_000, dueAt: asOf + 10_000 });
  const paused = planBacklog(schedule, rules, span, { ...at, state: "paused" }, 10);
  expect(paused.steps.map(line)).toEqual([
    "11-24T11:59:00 schedule late",
    "11-24T11:59:30–11-24T12:00:00 ×2 skipped: paused",
  ]);
  expect(paused.from).toBeNull();
});

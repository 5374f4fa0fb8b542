import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { phaseOf, queueStates, transitions, waitingForOf } from "./job-state.ts";

const page = readFileSync(new URL("../../docs/state-machine.md", import.meta.url), "utf8");

test("docs/state-machine.md draws the table of transitions", () => {
  const drawn = [...page.matchAll(/^ {2}(\S+) --> (\S+): (\S+)$/gm)].map(([, from, to, event]) => ({
    from,
    to,
    event,
  }));
  const table = transitions.map(({ event, from, to }) => ({ from: from ?? "[*]", to, event }));
  expect(drawn).toEqual(table);
});

test("the page's table of phases is what callers are told", () => {
  for (const state of queueStates.filter((one) => page.includes(`| \`${one}\` | none |`))) {
    for (const [used, attempts] of [
      ["none", 0],
      ["some", 1],
    ] as const) {
      const row = `| \`${state}\` | ${used} | \`${phaseOf(state, attempts)}\` | \`${waitingForOf(state)}\` |`;
      expect(page).toContain(row);
    }
  }
  expect(phaseOf(null, 1)).toBe("DONE");
});

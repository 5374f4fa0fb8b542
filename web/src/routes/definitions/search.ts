/** The filters of the list of definitions, as the address keeps them. */
import type { JobDefinition } from "../../api/job-definitions.ts";

/** What a person may look for. */
export const definitionStates = ["active", "paused", "unscheduled", "troubled"] as const;

/** What the address of the list says. */
export interface DefinitionsSearch {
  q?: string;
  state?: (typeof definitionStates)[number];
}

/** Reads the address; what is not understood becomes undefined. */
export function readDefinitionsSearch(search: Record<string, unknown>): DefinitionsSearch {
  const { q, state } = search;
  return {
    q: q === undefined || q === "" ? undefined : String(q),
    state: definitionStates.find((one) => one === state),
  };
}

/** Those that fit, by name. */
export function filterDefinitions(
  definitions: readonly JobDefinition[],
  { q, state }: DefinitionsSearch,
): JobDefinition[] {
  const words = (q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  return definitions.filter((one) => {
    const text = `${one.name} ${one.jobDefinitionCode} ${one.jobType}`.toLowerCase();
    return words.every((word) => text.includes(word)) && (state === undefined || isIn(state, one));
  });
}

function isIn(state: (typeof definitionStates)[number], one: JobDefinition): boolean {
  switch (state) {
    case "active":
      return one.schedule !== null && !one.paused;
    case "paused":
      return one.paused;
    case "unscheduled":
      return one.schedule === null;
    case "troubled":
      return one.lastJob?.status === "FAILED" || one.lastOutcomes.slice(-5).some((outcome) => outcome === "missed");
  }
}

/** What a sample shows of records: bounded, so that whoever asks for it is answered with something that can be looked at. */
import type { RecordFault, SampledRecord, SampledStep } from "../../model/file-work.ts";
import { mostDepth } from "../formats/bounds.ts";
import type { FileRecord } from "../formats/records.ts";
import type { StepEar, StepOutcome } from "./run-steps.ts";

/** Characters of JSON that one value may have to be shown. */
const longestValue = 64 * 1024;
/** Characters that are shown of a longer one. */
const longestCut = 1_000;
/** Characters of JSON after which no record more is looked at. */
const largestSample = 1024 * 1024;
const longestText = 1_000;

/** The sample ends here although the file goes on. */
export class SampleEnd extends Error {
  constructor(what: string) {
    super(`${what}; the rest is seen by jobs alone.`);
    this.name = "SampleEnd";
  }
}

/** One record, while it goes through the steps. */
interface Sampling {
  readonly step: StepEar;
  end(identifier: unknown, outcome: StepOutcome): void;
}

/** Follows the first records of a file. */
export interface Sampler {
  isFull(): boolean;
  begin(record: FileRecord): Sampling;
}

/** Makes it. @param most records @param tell hears of each when it has ended */
export function createSampler(most: number, tell: (record: SampledRecord) => void): Sampler {
  let records = 0;
  let characters = 0;

  function shown(step: string, value: unknown): SampledStep {
    const json = jsonOf(value);
    const isShown = json.length <= longestValue && !isDeeper(value, mostDepth);
    characters += isShown ? json.length : longestCut;
    // Later steps may change what this one has seen.
    if (isShown) return { step, value: JSON.parse(json), cut: null };
    return { step, value: null, cut: json.slice(0, longestCut).toWellFormed() };
  }

  return {
    isFull: () => records >= most || characters >= largestSample,
    begin({ number, line, value }) {
      records += 1;
      const steps = [shown("parse", value)];
      return {
        step: (step, left) => void steps.push(shown(step, left)),
        end(identifier, outcome) {
          const problems = outcome.kind === "refused" ? outcome.faults.map(cutFault) : [];
          const named = shown("identifier", identifier);
          tell({ number, line, identifier: named.cut ?? named.value, outcome: outcome.kind, steps, problems });
        },
      };
    },
  };
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch (error) {
    // Too deep for the stack.
    return JSON.stringify(error instanceof Error ? error.message : String(error));
  }
}

function cutFault({ step, pointer, message }: RecordFault): RecordFault {
  return { step, pointer: cut(pointer), message: cut(message) };
}

function cut(text: string): string {
  return text.slice(0, longestText).toWellFormed();
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((one) => isDeeper(one, levels - 1));
}

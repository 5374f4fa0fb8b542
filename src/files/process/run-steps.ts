/** What happens to each record of a file: it is read, checked, made into others, checked again. */
import type { FileTask, RecordFault } from "../../model/file-work.ts";
import type { FileRecord } from "../formats/records.ts";
import { compileSchema, type SchemaCheck } from "./compile-schema.ts";
import { compileTransformer, type Transform } from "./transformers.ts";

/** What has become of a record. */
export type StepOutcome =
  | { readonly kind: "valid"; readonly value: unknown }
  | { readonly kind: "dropped" }
  /** With at least one fault. */
  | { readonly kind: "refused"; readonly faults: readonly RecordFault[] };

/** Hears what a step left of a record. */
export type StepEar = (step: string, value: unknown) => void;

interface Step {
  readonly name: string;
  readonly run:
    | { readonly kind: "check"; readonly check: SchemaCheck }
    | { readonly kind: "transform"; readonly transform: Transform };
}

/** Takes one record through the steps of its task. */
export type StepRunner = (record: FileRecord, seen?: StepEar) => Promise<StepOutcome> | StepOutcome;

/** Compiles the steps of a task. @throws ParamsFault */
export function compileSteps(task: FileTask, values: "texts" | "typed"): StepRunner {
  const steps: Step[] = [];
  const wanted = task.sample === null ? "first" : "all";
  const addCheck = (name: string, schema: object | null | undefined, of: "texts" | "typed"): void => {
    if (schema) steps.push({ name, run: { kind: "check", check: compileSchema(name, schema, of, wanted) } });
  };
  addCheck("sourceSchema", task.sourceSchema, values);
  for (const [index, transformer] of task.transformers.entries()) {
    const name = `transformers/${index}`;
    steps.push({ name, run: { kind: "transform", transform: compileTransformer(name, transformer) } });
    addCheck(`${name}/schema`, transformer.schema, "typed");
  }
  addCheck("targetSchema", task.targetSchema, task.transformers.length === 0 ? values : "typed");

  return (record, seen) => {
    if (record.fault !== undefined) {
      return { kind: "refused", faults: [{ step: "parse", pointer: "", message: record.fault }] };
    }
    return runFrom(steps, 0, values === "texts" ? copyOf(record.value) : record.value, seen);
  };
}

/** Schemas make numbers of texts in the record that they check; that which was read stays for the file of errors. */
function copyOf(record: unknown): unknown {
  if (typeof record !== "object" || record === null) return record;
  const isFlat = !Object.values(record).some((value) => typeof value === "object");
  return isFlat && !Array.isArray(record) ? { ...record } : structuredClone(record);
}

/** Waits only where a step does: most have no expression, and a promise a record would cost more than the record. */
function runFrom(
  steps: readonly Step[],
  from: number,
  value: unknown,
  seen: StepEar | undefined,
): Promise<StepOutcome> | StepOutcome {
  let current = value;
  for (let index = from; index < steps.length; index++) {
    const step = steps[index];
    if (!step) break;
    if (step.run.kind === "check") {
      const faults = step.run.check(current);
      if (faults) return { kind: "refused", faults: faults.map((fault) => ({ step: step.name, ...fault })) };
      seen?.(step.name, current);
      continue;
    }
    let made: unknown;
    try {
      made = step.run.transform(current);
    } catch (error) {
      return refused(step, error);
    }
    if (made instanceof Promise) {
      return made.then(
        (value: unknown) => {
          if (value === undefined) return { kind: "dropped" };
          seen?.(step.name, value);
          return runFrom(steps, index + 1, value, seen);
        },
        (error: unknown) => refused(step, error),
      );
    }
    seen?.(step.name, made);
    current = made;
  }
  return { kind: "valid", value: current };
}

function refused(step: Step, error: unknown): StepOutcome {
  const message =
    typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
  const fault = { step: step.name, pointer: "", message: message.slice(0, 500).toWellFormed() };
  return { kind: "refused", faults: [fault] };
}

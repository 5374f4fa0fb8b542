/** Compiled checks: what comes in is parsed once, here, into a type. */
import type { Static, TSchema } from "typebox";
import { Compile, type Validator } from "typebox/compile";
import { Settings } from "typebox/system";
import type { FieldError } from "../model/api-errors.ts";
import { fieldErrors } from "../model/field-errors.ts";

// The checker stops at 8 complaints unless told; each of ours is told apart and cut to 20 after that.
Settings.Set({ maxErrors: 100 });

/** A schema, compiled: tells what fits from what does not, and why. */
export interface Check<Schema extends TSchema> {
  readonly schema: Schema;
  /** Whether the value is what the schema says. */
  is(value: unknown): value is Static<Schema>;
  /** Why it is not; pointers are into the value. */
  explain(value: unknown): FieldError[];
}

/** Compiles a schema of ours when it is first asked: a node has some 200, and starts before most of them are needed. */
export function compileCheck<Schema extends TSchema>(schema: Schema): Check<Schema> {
  let made: Validator | undefined;
  const compiled = () => {
    made ??= Compile(schema);
    return made;
  };
  return {
    schema,
    is: (value): value is Static<Schema> => compiled().Check(value),
    explain(value) {
      const complaints = compiled().Errors(shortened(value));
      return fieldErrors(complaints.length > 0 ? complaints : compiled().Errors(value));
    },
  };
}

/** One more than the longest list that a schema of ours allows. */
const longestList = 1_001;

/** Explaining looks at each entry of a list, at 10 µs each: those behind the longest that is allowed would stall the node. */
function shortened(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, longestList).map(shortened);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shortened(part)]));
}

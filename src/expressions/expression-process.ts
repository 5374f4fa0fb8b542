/**
 * A process that evaluates one expression after another, started by `evaluation-process.ts`.
 *
 * It holds nothing of the node: no environment, no files, no sockets but the channel to its parent. It may be killed at any time,
 * and is when an expression takes too long; it ends by itself when its parent is gone, also in the middle of a loop.
 */
import jsonata from "jsonata";
import { endWithParent } from "../runtime/end-with-parent.ts";
import type { Evaluated, Evaluation } from "./messages.ts";

/** Characters of a fault's sentence: it may repeat what the expression was given. */
const longestFault = 500;

endWithParent();

process.on("message", (evaluation: Evaluation) => {
  evaluate(evaluation).then(
    (evaluated) => process.send?.(evaluated),
    (error: unknown) => process.send?.({ fault: faultOf(error) } satisfies Evaluated),
  );
});
process.send?.("ready");

async function evaluate({ expression, inputJson, mostResultCharacters }: Evaluation): Promise<Evaluated> {
  const input: unknown = JSON.parse(inputJson);
  // With bindings the expression gets a frame of its own; without, its variables would stay for the next one.
  const result: unknown = await jsonata(expression).evaluate(input, {});
  const json = JSON.stringify(result, withoutFunctions);
  if (json === undefined) return { resultJson: null };
  if (json.length <= mostResultCharacters) return { resultJson: json };
  return { fault: `its result has more than ${mostResultCharacters} characters of JSON` };
}

/** JSONata keeps functions as objects that hold themselves. */
function withoutFunctions(_name: string, value: unknown): unknown {
  const isFunction =
    typeof value === "object" && value !== null && ("_jsonata_lambda" in value || "_jsonata_function" in value);
  return isFunction ? undefined : value;
}

/** JSONata throws objects with a message and the place in the expression. */
function faultOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("message" in error)) return "it failed";
  const at = "position" in error && typeof error.position === "number" ? ` (at character ${error.position})` : "";
  return `${String(error.message).slice(0, longestFault).toWellFormed()}${at}`;
}

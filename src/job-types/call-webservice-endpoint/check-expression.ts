/** The rules for JSONata expressions. */
import jsonata from "jsonata";
import type { Fault, IsOpen } from "../shared/fault.ts";

/** What is wrong with an expression, as far as that shows without evaluating it. */
export function checkExpression(expression: string | undefined, path: string, isOpen: IsOpen): Fault[] {
  if (expression === undefined || isOpen(expression)) return [];
  try {
    jsonata(expression);
    return [];
  } catch (error) {
    return [{ path, message: `is not a JSONata expression: ${faultOf(error)}` }];
  }
}

/** JSONata throws objects with a message and the place; one that nests too deeply ends in an error of the language. */
function faultOf(error: unknown): string {
  if (error instanceof RangeError) return "it nests too deeply";
  if (typeof error !== "object" || error === null || !("message" in error)) return "it cannot be read";
  const at = "position" in error && typeof error.position === "number" ? ` (at character ${error.position})` : "";
  return `${String(error.message).slice(0, 200).toWellFormed()}${at}`;
}

/** The rules for JSONata expressions. */
import jsonata from "jsonata";
import { secretReferences } from "../contract.ts";
import type { Fault, IsOpen } from "../shared/fault.ts";

/**
 * What is wrong with an expression, as far as that shows without evaluating it.
 *
 * It may hold no secret: it could spell its value in a way in which nobody recognises it, and send or show that.
 */
export function checkExpression(expression: string | undefined, path: string, isOpen: IsOpen): Fault[] {
  if (expression === undefined) return [];
  if (isOpen(expression)) {
    if (secretReferences(expression).size === 0) return [];
    return [{ path, message: "refers to a secret, which an expression could take apart; compare without it" }];
  }
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

/** Bounds on what a job's code may have stored. */
import { storableJson } from "../model/storable-json.ts";
import { measureJson, watchLength } from "./measure-length.ts";

/** Levels: far beyond what anybody writes, well below what breaks a reader that recurses, PostgreSQL's among them. */
const deepest = 250;

/**
 * Writes a value as JSON that PostgreSQL and every reader can hold.
 *
 * @param mostBytes of the JSON as UTF-8
 * @throws Error that says what is wrong: no JSON (a cycle, a BigInt), too long, too deep
 */
export function boundedJson(value: unknown, mostBytes: number): string {
  const tooLong = `it is more than ${mostBytes} bytes of JSON`;
  const size = measureJson(value, mostBytes, deepest);
  if (size === "outgrown") throw new Error(tooLong);
  const text = storableJson(value, size === "hidden" ? watchLength(mostBytes, () => new Error(tooLong)) : undefined);
  // A character is three bytes at most, or four where it counts as two.
  if (text.length * 3 > mostBytes && Buffer.byteLength(text) > mostBytes) throw new Error(tooLong);
  if (size !== "fits" && isDeeperThan(text, deepest)) throw new Error(`it nests deeper than ${deepest} levels`);
  return text;
}

/** Whether valid JSON nests deeper than `most`. */
export function isDeeperThan(text: string, most: number): boolean {
  // Each level has a bracket at either end.
  if (text.length <= 2 * most) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case quote:
        at = endOfString(text, at);
        break;
      case openBracket:
      case openBrace:
        depth += 1;
        if (depth > most) return true;
        break;
      case closeBracket:
      case closeBrace:
        depth -= 1;
        break;
    }
  }
  return false;
}

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Where the string that begins at `start` ends: at a quote with an even number of backslashes before it. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    if (end < 0) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === backslash) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
}

/** Bounds on what a job's code may have stored. */
import { isDeeperThan } from "../model/json-depth.ts";
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

/**
 * Cuts a JSON array into its items while it is read, so that only one item at a time is in memory.
 *
 * In items it follows strings, objects and arrays just far enough to know where they begin and end; `JSON.parse` reads them. Around the
 * array the text must be JSON. States: before (looking for the array at the path) → inside (between or in items) → after (the array has
 * ended). Invariants: an item is bounded in length and depth, and none is empty; the path is met once; text that ends in any other state
 * than `after` with all closed is a fault.
 */
import { mostDepth, mostRecordBytes } from "./bounds.ts";
import { FileFault } from "./file-fault.ts";

/** An item of the array, as text. */
export interface JsonItem {
  readonly text: string;
  /** On which its first character lies. */
  readonly line: number;
}

/** Cuts text that comes in pieces. */
export interface JsonSplitter {
  /** Gives the items that end in this piece. @throws FileFault, and what `take` throws */
  push(text: string): void;
  /** @throws FileFault where the text was not whole, or has no array at the path */
  end(): void;
}

const longestKey = 65_536;
const longestScalar = 1_000;
const scalar = /^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?)$/;

/** What may come next outside of the items; `first…` also where the container may end. */
type Expected = "value" | "firstValue" | "key" | "firstKey" | "colon" | "next" | "end";

/** Makes a splitter for the array at a path of keys; the empty path is the whole text. */
export function createJsonSplitter(path: readonly string[], take: (item: JsonItem) => void): JsonSplitter {
  const name = path.length === 0 ? "at its top" : `at /${path.join("/")}`;
  /** The containers around the present place, and the key under which each of them lies; null in arrays. */
  const stack: { readonly kind: "{" | "["; readonly key: string | null }[] = [];
  let state: "before" | "inside" | "after" = "before";
  let inString = false;
  let escaped = false;
  let line = 1;
  /** The string that is being read while it may be a key. */
  let string = "";
  let key: string | null = null;
  let isKey = false;
  /** A number or a word outside of the items, as far as it was read. */
  let bare = "";
  let expected: Expected = "value";
  let items = 0;
  /** The depth of the array that is cut. */
  let depth = 0;
  let pieces = "";
  let itemLine = 0;

  function want(...allowed: readonly Expected[]): void {
    if (!allowed.includes(expected)) throw notJson();
  }

  function notJson(): FileFault {
    return new FileFault(`Line ${line} is not JSON, or holds more than one value.`, line);
  }

  function endValue(): void {
    expected = stack.length === 0 ? "end" : "next";
  }

  function endBare(): void {
    if (bare === "") return;
    if (!scalar.test(bare)) throw notJson();
    bare = "";
    endValue();
  }

  function endKey(): void {
    key = readKey(string);
    expected = "colon";
    if (state === "after" && isAtPath())
      throw new FileFault(`There are two values ${name}, again on line ${line}.`, line);
  }

  function isAtPath(): boolean {
    if (stack.length !== path.length) return false;
    const keys = [...stack.slice(1).map((one) => one.key), key];
    return path.every((part, index) => keys[index] === part);
  }

  function open(kind: "{" | "["): void {
    if (stack.length > mostDepth) throw new FileFault(`The file nests deeper than ${mostDepth} on line ${line}.`, line);
    const isArray = state === "before" && kind === "[" && isAtPath();
    stack.push({ kind, key });
    key = null;
    expected = kind === "{" ? "firstKey" : "firstValue";
    if (!isArray) return;
    state = "inside";
    depth = stack.length;
  }

  function close(kind: "{" | "["): void {
    const last = stack.pop();
    if (last?.kind !== kind) throw new FileFault(`A bracket on line ${line} closes what was not opened.`, line);
    endValue();
  }

  function endItem(text: string, isLast: boolean): void {
    if (pieces === "" && text.trim() === "") {
      if (isLast && items === 0) return;
      throw new FileFault(`There is no item between two commas, or behind the last, on line ${line}.`, line);
    }
    items += 1;
    const item = { text: pieces + text, line: itemLine };
    pieces = "";
    itemLine = 0;
    take(item);
  }

  /** Whether a character outside of the items and of strings begins or ends something; the others make a number or a word. */
  function follow(code: number, char: string): boolean {
    const isSpace = code === 32 || code === 9 || code === 10 || code === 13;
    if (isSpace || '"{}[],:'.includes(char)) endBare();
    if (isSpace) return false;
    switch (char) {
      case '"':
        want("value", "firstValue", "key", "firstKey");
        return true;
      case "{":
      case "[":
        want("value", "firstValue");
        return true;
      case "}":
        if (expected !== "firstKey") want("next");
        return true;
      case "]":
        if (expected !== "firstValue") want("next");
        return true;
      case ",":
        want("next");
        expected = stack.at(-1)?.kind === "{" ? "key" : "value";
        return true;
      case ":":
        want("colon");
        expected = "value";
        return true;
      default:
        want("value", "firstValue");
        bare += char;
        if (bare.length > longestScalar) throw notJson();
        return false;
    }
  }

  function push(text: string): void {
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 10) line += 1;
      if (inString) {
        if (escaped) escaped = false;
        else if (code === 92) escaped = true;
        else if (code === 34) {
          inString = false;
          if (isKey) endKey();
          else if (state !== "inside") endValue();
        }
        if (inString && isKey) string += text[at];
        if (string.length > longestKey) throw new FileFault(`A key on line ${line} is too long.`, line);
        continue;
      }
      if (state === "inside" && itemLine === 0 && stack.length === depth && code > 32 && code !== 44 && code !== 93)
        itemLine = line;
      if (state !== "inside" && !follow(code, text.charAt(at))) continue;
      switch (code) {
        case 34:
          inString = true;
          isKey = state !== "inside" && (expected === "key" || expected === "firstKey");
          string = "";
          break;
        case 123:
          open("{");
          break;
        case 91:
          open("[");
          if (state === "inside" && stack.length === depth && pieces === "" && itemLine === 0) from = at + 1;
          break;
        case 125:
          close("{");
          break;
        case 93:
          if (state === "inside" && stack.length === depth) {
            endItem(text.slice(from, at), true);
            state = "after";
          }
          close("[");
          break;
        case 44:
          if (state === "inside" && stack.length === depth) {
            endItem(text.slice(from, at), false);
            from = at + 1;
          }
          break;
      }
    }
    if (state === "inside") {
      pieces += text.slice(from);
      if (pieces.trim() === "") pieces = "";
      if (pieces.length > mostRecordBytes) {
        throw new FileFault(`The record on line ${itemLine} is longer than ${mostRecordBytes} characters.`, itemLine);
      }
    }
  }

  return {
    push,
    end() {
      endBare();
      if (inString || stack.length > 0)
        throw new FileFault(`The file ends before its JSON does, on line ${line}.`, line);
      if (state === "before") throw new FileFault(`The file has no array ${name}.`);
    },
  };
}

function readKey(escapedText: string): string {
  try {
    return String(JSON.parse(`"${escapedText}"`));
  } catch {
    return escapedText;
  }
}

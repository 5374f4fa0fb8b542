/**
 * Cuts a JSON array into its items while it is read, so that only one item at a time is in memory.
 *
 * It follows strings, objects and arrays just far enough to know where an item begins and ends; `JSON.parse` reads the item. States:
 * before (looking for the array at the path) → inside (between or in items) → after (the array has ended). Invariants: an item is
 * bounded in length and depth; text that ends in any other state than `after` with all closed is a fault.
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
  let expectsKey = false;
  /** The depth of the array that is cut. */
  let depth = 0;
  let pieces = "";
  let itemLine = 0;

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
    expectsKey = kind === "{";
    if (!isArray) return;
    state = "inside";
    depth = stack.length;
  }

  function close(kind: "{" | "["): void {
    const last = stack.pop();
    if (last?.kind !== kind) throw new FileFault(`A bracket on line ${line} closes what was not opened.`, line);
    expectsKey = false;
  }

  function endItem(text: string): void {
    if (pieces === "" && text.trim() === "") return;
    const item = { text: pieces + text, line: itemLine };
    pieces = "";
    itemLine = 0;
    take(item);
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
          if (state === "before" && expectsKey) key = readKey(string);
        }
        if (inString && state === "before" && expectsKey) string += text[at];
        if (string.length > longestKey) throw new FileFault(`A key on line ${line} is too long.`, line);
        continue;
      }
      if (state === "inside" && itemLine === 0 && stack.length === depth && code > 32 && code !== 44 && code !== 93)
        itemLine = line;
      switch (code) {
        case 34:
          inString = true;
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
            endItem(text.slice(from, at));
            state = "after";
          }
          close("[");
          break;
        case 44:
          if (state === "inside" && stack.length === depth) {
            endItem(text.slice(from, at));
            from = at + 1;
          } else expectsKey = stack.at(-1)?.kind === "{";
          break;
        case 58:
          expectsKey = false;
          break;
        default:
          if (code > 32 && stack.length === 0)
            throw new FileFault(`Line ${line} holds text outside of any JSON.`, line);
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

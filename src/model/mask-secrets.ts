/**
 * Hides the values of secrets wherever they would show: as they are, in base64 (also in the middle of it), with URL, form, JSON or
 * HTML escapes, cut off at the end of a text, and, for values of several lines, line by line.
 *
 * What nobody can recognise stays: a value that was hashed, encrypted, compressed or spelled backwards, and fewer than eight characters
 * of one that was cut.
 */
import { decodedViews } from "./decoded-views.ts";
import { createFindForms, type FindForms, type Range } from "./find-forms.ts";
import { formsOf, partsOfSecret, shortestHidden } from "./secret-forms.ts";

/** What stands in place of a value. */
const stars = "***";

/** Hides values in texts and in JSON. */
export interface SecretMask {
  /** Has one more value hidden from now on. */
  add(value: string): void;
  /** The text with the values hidden; the very text where there are none. */
  text(text: string): string;
  /** The same for JSON: its texts, names, and numbers. */
  json(value: unknown): unknown;
  /** Those to be hidden, as they were given; none at first. */
  values(): readonly string[];
}

/** Makes a mask. */
export function createSecretMask(values: readonly string[] = []): SecretMask {
  /** Also those that are too short to be told from ordinary text. */
  const wholes = new Set<string>();
  const given = new Set<string>();
  const parts = new Set<string>();
  let find: FindForms | undefined;

  function add(value: string): void {
    if (value === "") return;
    given.add(value);
    for (const part of partsOfSecret(value)) {
      wholes.add(part);
      if (part.length >= shortestHidden) parts.add(part);
    }
    find = undefined;
  }

  function text(shown: string): string {
    if (wholes.size === 0 || shown === "") return shown;
    if (wholes.has(shown)) return stars;
    find ??= createFindForms([...parts].flatMap(formsOf));
    const ranges = rangesIn(shown, find);
    if (ranges === "all") return stars;
    return ranges.length === 0 ? shown : hide(shown, ranges);
  }

  function json(value: unknown): unknown {
    if (typeof value === "string") return text(value);
    if (typeof value === "number") return parts.has(String(value)) ? stars : value;
    if (Array.isArray(value)) return value.map(json);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [text(name), json(part)]));
  }

  for (const value of values) add(value);
  return { add, text, json, values: () => [...given] };
}

function rangesIn(text: string, find: FindForms): readonly Range[] | "all" {
  const plain = find(text);
  if (plain === "all") return "all";
  const ranges = [...plain];
  for (const { text: decoded, at } of decodedViews(text)) {
    const found = find(decoded);
    if (found === "all") return "all";
    for (const { start, end } of found) ranges.push({ start: at[start] ?? 0, end: at[end] ?? text.length });
  }
  return ranges;
}

function hide(text: string, ranges: readonly Range[]): string {
  const sorted = [...ranges].sort((a, b) => a.start - b.start);
  const kept: string[] = [];
  let end = -1;
  for (const range of sorted) {
    if (range.start > end) {
      kept.push(text.slice(Math.max(end, 0), range.start), stars);
      end = range.end;
    } else {
      end = Math.max(end, range.end);
    }
  }
  kept.push(text.slice(end));
  return kept.join("");
}

/**
 * Finds the shapes of secrets in a text, in time that grows with the text alone.
 *
 * Grams (runs of 4 or 8 characters) of each shape are looked up at every place of the text by a rolling hash; where one is found the
 * shape is compared to both sides. Shapes longer than 64 characters have a gram in every 64 characters, so that a part of them
 * that was cut out is found as well.
 */
import type { SecretForm } from "./secret-forms.ts";

/** From the first to behind the last character. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A part of a shape this long is hidden wherever it stands. */
const longPart = 64;
/** Where a text breaks off inside a shape, this much of it is hidden. */
const cutPart = 8;
/** The same from the middle of a shape. */
const innerPart = 24;
/** Stands where a message has cut a text. */
const ellipsis = "…";
const gramStride = 48;
const mostGrams = 100;
const radix = 31;
/** Comparisons per character of the text that honest texts are far below. */
const mostWork = 8;

interface Gram {
  readonly form: SecretForm;
  readonly offset: number;
}

interface GramIndex {
  readonly size: number;
  /** Of the radix, to take the first character out of the hash. */
  readonly power: number;
  readonly grams: ReadonlyMap<number, readonly Gram[]>;
  /** 1 for each hash's upper 16 bits: most places of a text cost one look here. */
  readonly known: Uint8Array;
}

/** Finds shapes; `all` where telling them apart would take too long, as only texts made for that do. */
export type FindForms = (text: string) => readonly Range[] | "all";

/** Prepares the search. */
export function createFindForms(forms: readonly SecretForm[]): FindForms {
  const long = forms.filter(({ text }) => text.length >= 8);
  const short = forms.filter(({ text }) => text.length < 8);
  const indexes = [indexGrams(long, 8), indexGrams(short, 4)].filter(({ grams }) => grams.size > 0);
  return (text) => {
    const ranges: Range[] = [];
    for (const index of indexes) if (scan(text, index, ranges) === "tooMuchWork") return "all";
    return ranges;
  };
}

function indexGrams(forms: readonly SecretForm[], size: number): GramIndex {
  const grams = new Map<number, Gram[]>();
  const known = new Uint8Array(65_536);
  const unique = new Map(forms.map((form) => [form.text, form]));
  for (const form of unique.values()) {
    for (const offset of gramOffsets(form.text.length, size)) {
      const hash = hashOf(form.text, offset, size);
      const same = grams.get(hash);
      if (same) same.push({ form, offset });
      else grams.set(hash, [{ form, offset }]);
      known[upper(hash)] = 1;
    }
  }
  let power = 1;
  for (let index = 1; index < size; index += 1) power = Math.imul(power, radix);
  return { size, power, grams, known };
}

function gramOffsets(length: number, size: number): number[] {
  if (length <= longPart) return [0];
  const stride = Math.max(gramStride, Math.ceil(length / mostGrams));
  const offsets: number[] = [];
  for (let offset = 0; offset + size <= length; offset += stride) offsets.push(offset);
  return offsets;
}

function hashOf(text: string, offset: number, size: number): number {
  let hash = 0;
  for (let index = offset; index < offset + size; index += 1)
    hash = (Math.imul(hash, radix) + text.charCodeAt(index)) | 0;
  return hash;
}

function upper(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> 16;
}

function scan(text: string, { size, power, grams, known }: GramIndex, ranges: Range[]): "done" | "tooMuchWork" {
  if (text.length < size) return "done";
  let work = mostWork * text.length + 1_000_000;
  let covered = 0;
  let hash = hashOf(text, 0, size);
  for (let place = 0; ; place += 1) {
    // Deep inside of what is hidden nothing could be found that reaches out of it and is not found later as well.
    if (known[upper(hash)] === 1 && (place >= covered || place + longPart > covered)) {
      for (const gram of grams.get(hash) ?? []) {
        const { start, end } = extend(text, gram, place, covered);
        work -= end - start + 1;
        if (work < 0) return "tooMuchWork";
        if (end <= covered || end - start < size || !counts(text, gram, place, { start, end })) continue;
        join(ranges, withFringe(text, gram.form, start, end));
        covered = end;
      }
    }
    const next = place + size;
    if (next >= text.length) return "done";
    hash = (Math.imul(hash - Math.imul(text.charCodeAt(place), power), radix) + text.charCodeAt(next)) | 0;
  }
}

/**
 * As far as text and shape are equal around the gram: to the left no farther than to what is hidden already, and inside of that
 * only so far to the right as the next gram takes over from, so that no text is compared again and again.
 */
function extend(text: string, { form, offset }: Gram, place: number, covered: number): Range {
  let end = place;
  const all = place + form.text.length - offset;
  const longest = Math.min(text.length, place < covered ? Math.min(all, place + longPart) : all);
  while (end < longest && text.charCodeAt(end) === form.text.charCodeAt(end - place + offset)) end += 1;
  let start = place;
  const lowest = Math.max(Math.min(covered, place), place - offset);
  while (start > lowest && text.charCodeAt(start - 1) === form.text.charCodeAt(start - 1 - place + offset)) start -= 1;
  return { start, end };
}

function counts(text: string, { form, offset }: Gram, place: number, { start, end }: Range): boolean {
  const length = end - start;
  if (length === form.text.length || length >= longPart) return true;
  if (length < cutPart) return false;
  // Half of it is too much to show.
  if (length * 2 >= form.text.length) return true;
  // A text that breaks off, or goes on from one that did, shows no part of it.
  const isBeginning = place - start === offset;
  if (isBeginning && (end === text.length || text.charAt(end) === ellipsis)) return true;
  return length >= innerPart && (start === 0 || end === text.length);
}

/** One range where they touch: in a text that repeats itself each place would be another one. */
function join(ranges: Range[], range: Range): void {
  const last = ranges.at(-1);
  if (!last || range.start < last.start || range.start > last.end) ranges.push(range);
  else ranges[ranges.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
}

const base64Character = /[A-Za-z0-9+/_-]/;

function withFringe(text: string, { fringe }: SecretForm, start: number, end: number): Range {
  const left = fringe === "left" || fringe === "both";
  const right = fringe === "right" || fringe === "both";
  const first = left && start > 0 && base64Character.test(text.charAt(start - 1)) ? start - 1 : start;
  let last = right && base64Character.test(text.charAt(end)) ? end + 1 : end;
  if (fringe !== "none" || last > end) while (text.charAt(last) === "=") last += 1;
  return { start: first, end: last };
}

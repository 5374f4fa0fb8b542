/** Bit sets of small non-negative integers, 32 to a word: what every field of an expression is parsed into. */
export type BitSet = Int32Array;

/** An empty set that holds 0 … `size - 1`. */
export function bitSet(size: number): BitSet {
  return new Int32Array((size + 31) >>> 5);
}

/** Puts `bit` into the set. */
export function addBit(set: BitSet, bit: number): void {
  set[bit >>> 5] = (set[bit >>> 5] ?? 0) | (1 << (bit & 31));
}

/** Whether `bit` is in the set; `false` for any outside its size. */
export function hasBit(set: BitSet, bit: number): boolean {
  return (((set[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
}

/** The smallest member that is at least `from` (≥ 0), or -1. */
export function nextBit(set: BitSet, from: number): number {
  let index = from >>> 5;
  let word = (set[index] ?? 0) & (-1 << (from & 31));
  while (word === 0) {
    index++;
    if (index >= set.length) return -1;
    word = set[index] ?? 0;
  }
  return (index << 5) + lowestBit(word);
}

/** The largest member that is at most `from`, or -1; -1 as well for a negative `from`. */
export function previousBit(set: BitSet, from: number): number {
  if (from < 0) return -1;
  let index = from >>> 5;
  let word = (set[index] ?? 0) & (-1 >>> (31 - (from & 31)));
  while (word === 0) {
    index--;
    if (index < 0) return -1;
    word = set[index] ?? 0;
  }
  return (index << 5) + highestBit(word);
}

/** How many members the set has. */
export function countBits(set: BitSet): number {
  let count = 0;
  for (const word of set) count += popCount(word);
  return count;
}

/** How many members are smaller than `end`. */
export function countBitsBelow(set: BitSet, end: number): number {
  let count = 0;
  for (let index = 0; index < set.length && index << 5 < end; index++) {
    const bits = end - (index << 5);
    count += popCount((set[index] ?? 0) & (bits >= 32 ? -1 : (1 << bits) - 1));
  }
  return count;
}

/** Position of the lowest 1 of a word that is not 0. */
export function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/** Position of the highest 1 of a word that is not 0. */
export function highestBit(word: number): number {
  return 31 - Math.clz32(word);
}

/** How many bits of a 32-bit word are 1. */
export function popCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

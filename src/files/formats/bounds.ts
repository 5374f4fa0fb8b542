/** What a file may hold: bounds that real data keeps far away from, so that none exhausts the memory. */

/** Bytes, or characters, of one record as it is written in the file. */
export const mostRecordBytes = 4 * 1024 * 1024;

/** Fields of one record. */
export const mostColumns = 10_000;

/** Objects and arrays within one another in one record. */
export const mostDepth = 64;

/** Why a record is beyond these bounds; undefined where it is not. */
export function faultOfBounds(record: unknown): string | undefined {
  let fields = 0;
  function isDeeper(value: unknown, levels: number): boolean {
    if (typeof value !== "object" || value === null) return false;
    const inner: unknown[] = Object.values(value);
    if (!Array.isArray(value)) fields += inner.length;
    return levels === 0 || inner.some((one) => isDeeper(one, levels - 1));
  }
  if (isDeeper(record, mostDepth)) return `nests deeper than ${mostDepth}`;
  return fields > mostColumns ? `has ${fields} fields; ${mostColumns} are the most` : undefined;
}

/** Bytes that may always be unpacked, however few they came from. */
const freelyUnpacked = 100 * 1024 * 1024;

/** More than text packs: what is denser is made to fill a disk. */
const mostDense = 200;

/** Whether so many bytes from so few are a bomb rather than a file. */
export function isBomb(unpacked: number, packed: number): boolean {
  return unpacked > freelyUnpacked && unpacked > packed * mostDense;
}

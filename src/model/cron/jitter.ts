/**
 * How long after its nominal times a definition starts its jobs: always the same for one id, spread evenly over ids.
 *
 * @param definitionId any text that names the definition for good
 * @param jitterSeconds 0 or more
 * @returns whole milliseconds, 0 to `jitterSeconds * 1000`
 */
export function jitterMs(definitionId: string, jitterSeconds: number): number {
  return Math.floor((hash(definitionId) / 2 ** 32) * (jitterSeconds * 1000 + 1));
}

/** FNV-1a over UTF-16 units, then MurmurHash3's last step: FNV alone spreads the high bits of short ids badly. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** What the address of a definition's versions says. */
export interface VersionsSearch {
  /** The save that is looked at; the newest unless said. */
  version?: number;
  /** The one that it is compared with; the one before it unless said. */
  with?: number;
}

/** Reads the address; what is not understood becomes undefined. */
export function readVersionsSearch(search: Record<string, unknown>): VersionsSearch {
  return { version: versionOf(search.version), with: versionOf(search.with) };
}

function versionOf(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isInteger(number) && number > 0 && number < 1e9 ? number : undefined;
}

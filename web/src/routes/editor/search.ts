/** What the address of a new definition says. */
export interface NewSearch {
  /** The type that was chosen. */
  type?: string;
  /** The code of a definition to copy. */
  from?: string;
}

/** Reads the address. */
export function readNewSearch(search: Record<string, unknown>): NewSearch {
  const text = (name: string): string | undefined => {
    const value = search[name];
    return value === undefined || value === "" ? undefined : String(value);
  };
  return { type: text("type"), from: text("from") };
}

/** What the address of a file says. */
export interface FileSearch {
  filename: string;
  /** How it is read, where its name does not say. */
  parse?: Readonly<Record<string, unknown>>;
}

/** Reads the address; what is not understood becomes undefined. */
export function readFileSearch({ filename, parse }: Record<string, unknown>): FileSearch {
  const isOptions = typeof parse === "object" && parse !== null && !Array.isArray(parse);
  return {
    filename: filename === undefined ? "" : String(filename),
    parse: isOptions ? { ...parse } : undefined,
  };
}

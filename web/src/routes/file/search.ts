/** What the address of a file says. */
export interface FileSearch {
  filename: string;
}

/** Reads the address. */
export function readFileSearch({ filename }: Record<string, unknown>): FileSearch {
  return { filename: filename === undefined ? "" : String(filename) };
}

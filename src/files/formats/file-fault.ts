/** Why a file cannot be read to its end, or written: a sentence for the one who sent it. */
export class FileFault extends Error {
  /** From 1; null where it is not known. */
  readonly line: number | null;

  constructor(message: string, line: number | null = null) {
    super(message);
    this.name = "FileFault";
    this.line = line;
  }
}

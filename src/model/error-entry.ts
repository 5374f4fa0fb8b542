/**
 * What an entry of an error registry (`api-errors.ts`, `job-errors.ts`) tells: `meaning` is for the reader of the docs,
 * `remedy` for the one who met it.
 */
export interface ErrorEntry {
  readonly title: string;
  readonly meaning: string;
  readonly remedy: string;
}

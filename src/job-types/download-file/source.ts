/** Where a download comes from, as far as it can be opened again in its middle. */

/** What has been opened. */
export interface Opened {
  readonly body: AsyncIterable<Uint8Array>;
  /** The length of the whole file; undefined where the other end does not say. */
  readonly totalBytes: number | undefined;
}

/** A file on the other end. */
export interface Source {
  /**
   * Opens it, or what is left of it.
   *
   * @param from bytes that have come already
   * @throws StartAnew where the rest cannot be had alone, or may be that of another file
   */
  open(from: number): Promise<Opened>;
  /** Gives up what it holds. */
  close(): void;
}

/** A broken download begins again from nothing. */
export class StartAnew extends Error {}

import { type JobContext, JobError, type OpenJobFile } from "../contract.ts";
import type { Params } from "./params.ts";

/** A file that may be read more than once, and is the same each time. */
export interface FileBody extends Pick<OpenJobFile, "bytes" | "sha256"> {
  /** Reads it from its beginning; the progress of the job follows. */
  open(): AsyncIterable<Uint8Array>;
  /** To be called at the end, also where it was never read. */
  close(): void;
}

/**
 * Opens the file.
 *
 * @throws JobError as `ctx.files.read` says
 */
export async function openFileBody(ctx: JobContext, { bucketCode, filename }: Params): Promise<FileBody> {
  const first = await ctx.files.read(bucketCode, filename);
  // Until it is read nobody else hears of a fault.
  first.stream.on("error", () => undefined);
  let isFresh = true;

  async function next(): Promise<OpenJobFile> {
    if (isFresh) {
      isFresh = false;
      return first;
    }
    const again = await ctx.files.read(bucketCode, filename);
    if (again.sha256 === first.sha256) return again;
    again.stream.destroy();
    throw new JobError("CHECKSUM_MISMATCH", `The file ${filename} was replaced while it was sent; send it again.`, {
      details: { expectedSha256: first.sha256, sha256: again.sha256 },
    });
  }

  async function* read(): AsyncGenerator<Uint8Array> {
    const { stream } = await next();
    let sent = 0;
    try {
      for await (const chunk of stream) {
        sent += chunk.byteLength;
        ctx.progress(sent, first.bytes, "bytes");
        yield chunk;
      }
    } finally {
      stream.destroy();
    }
  }

  return { bytes: first.bytes, sha256: first.sha256, open: read, close: () => void first.stream.destroy() };
}

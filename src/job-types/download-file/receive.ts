/**
 * Reads a file to its end, over as many connections as that takes.
 *
 * Invariants: every byte is given once and in order; what ends without an error is whole, as far as the other end or the params say
 * what that is; connections after the first are {@link mostResumes} at most for the whole attempt.
 */

import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type JobContext, JobError } from "../contract.ts";
import type { Params } from "./params.ts";
import type { Source } from "./source.ts";

/** Connections that are made after broken ones within an attempt. */
const mostResumes = 5;

const firstPauseMs = 200;

/** How far a download has come. */
export interface Progress {
  /** Connections that were made after broken ones. */
  resumes: number;
  receivedBytes: number;
}

/**
 * The bytes of `source`, measured and checked.
 *
 * @throws JobError of the source, FILE_TOO_LARGE, CHECKSUM_MISMATCH; StartAnew where it has to begin from nothing
 */
export async function* receive(
  ctx: JobContext,
  params: Params,
  source: Source,
  progress: Progress,
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  progress.receivedBytes = 0;
  for (;;) {
    try {
      const { body, totalBytes } = await source.open(progress.receivedBytes);
      requireWithin(params, totalBytes ?? 0);
      for await (const chunk of body) {
        progress.receivedBytes += chunk.byteLength;
        requireWithin(params, progress.receivedBytes);
        hash.update(chunk);
        ctx.progress(progress.receivedBytes, Math.max(totalBytes ?? 0, progress.receivedBytes), "bytes");
        yield chunk;
      }
      requireLength(progress.receivedBytes, totalBytes);
      break;
    } catch (error) {
      await prepareNext(ctx, progress, error);
    }
  }
  requireExpected(params, progress.receivedBytes, hash.digest("hex"));
}

/**
 * Waits a moment where another connection may help.
 *
 * @throws `error` where it will not, or there were enough
 */
async function prepareNext(ctx: JobContext, progress: Progress, error: unknown): Promise<void> {
  const isBroken =
    error instanceof JobError && error.retryable && progress.receivedBytes > 0 && error.code !== "CHECKSUM_MISMATCH";
  if (ctx.signal.aborted || !isBroken) throw error;
  if (progress.resumes >= mostResumes) throw error;
  progress.resumes += 1;
  ctx.log.warn(`broken after ${progress.receivedBytes} bytes, once more: ${error.message}`);
  await pause(firstPauseMs * 2 ** (progress.resumes - 1), undefined, { signal: ctx.signal });
}

/** A server may end a part before its end without a fault that the connection shows. */
function requireLength(bytes: number, total: number | undefined): void {
  if (total === undefined || bytes === total) return;
  if (bytes < total) {
    throw new JobError("CONNECTION_LOST", `The other end said ${total} bytes and stopped after ${bytes}.`, {
      details: { expectedBytes: total, bytes },
    });
  }
  throw new JobError(
    "CHECKSUM_MISMATCH",
    `The other end said ${total} bytes and sent ${bytes}; the file may have changed meanwhile.`,
    {
      details: { expectedBytes: total, bytes },
    },
  );
}

function requireWithin({ maxBytes }: Params, bytes: number): void {
  if (maxBytes === undefined || bytes <= maxBytes) return;
  throw new JobError(
    "FILE_TOO_LARGE",
    `The file is larger than maxBytes (${maxBytes}); raise it, or have a smaller one made.`,
    {
      details: { maxBytes },
    },
  );
}

function requireExpected({ expectedBytes, sha256 }: Params, bytes: number, digest: string): void {
  if (expectedBytes !== undefined && bytes !== expectedBytes) {
    throw new JobError(
      "CHECKSUM_MISMATCH",
      `The file has ${bytes} bytes, and expectedBytes says ${expectedBytes}; nothing was stored.`,
      { details: { expectedBytes, bytes } },
    );
  }
  if (sha256 !== undefined && digest !== sha256.toLowerCase()) {
    throw new JobError(
      "CHECKSUM_MISMATCH",
      `The file's SHA-256 is ${digest}, and sha256 says ${sha256.toLowerCase()}; nothing was stored.`,
      { details: { expectedSha256: sha256.toLowerCase(), sha256: digest, bytes } },
    );
  }
}

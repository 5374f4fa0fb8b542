import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { JobError } from "../contract.ts";

/** Unpacked bytes up to which any ratio will do. */
const freeBytes = 16 * 1024 * 1024;

/** Beyond them, how many times larger than what came it may be; what people really send stays far below. */
const maxRatio = 250;

/**
 * Unpacks gzip where it is any.
 *
 * @param wasUnpacked asked when the first bytes are there: whether the way has unpacked them already (Content-Encoding)
 * @throws what `source` throws, and as {@link gunzip} does
 */
export async function* unpack(
  source: AsyncGenerator<Uint8Array>,
  wasUnpacked: () => boolean,
): AsyncGenerator<Uint8Array> {
  const first = await source.next();
  async function* whole(): AsyncGenerator<Uint8Array> {
    if (!first.done) yield first.value;
    yield* source;
  }
  // RFC 1952, section 2.3.1: every gzip begins so.
  const isGzip = !first.done && first.value[0] === 0x1f;
  yield* !isGzip && wasUnpacked() ? whole() : gunzip(whole());
}

/**
 * Unpacks gzip, pulled by the reader: however far it blows up, no more than a piece waits.
 *
 * @throws what `source` throws; JobError INVALID_RESPONSE for what is no gzip, is cut off, has bytes behind it, or is past 16 MiB and 250 times as
 *   large as what came
 */
async function* gunzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let failure: { readonly error: unknown } | undefined;
  let came = 0;
  let unpacked = 0;
  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of source) {
        came += chunk.byteLength;
        yield chunk;
      }
    } catch (error) {
      failure = { error };
      throw error;
    }
  }
  const input = Readable.from(watched(), { objectMode: false });
  const unzip = createGunzip({ chunkSize: 64 * 1024 });
  pipeline(input, unzip, () => undefined);
  try {
    for await (const chunk of unzip) {
      unpacked += chunk.byteLength;
      if (unpacked > freeBytes && unpacked > came * maxRatio) throw blownUp(came, unpacked);
      yield chunk;
    }
    // It ends at NUL bytes behind the gzip, though more may come: what is not read is not checked either.
    if (unzip.bytesWritten < came) throw notAtItsEnd();
  } catch (error) {
    if (failure) throw failure.error;
    if (error instanceof JobError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The file is not whole gzip: ${reason}. Leave gunzip out to see what the other end sends.`;
    throw new JobError("INVALID_RESPONSE", message, { details: { reason }, cause: error });
  } finally {
    input.destroy();
    unzip.destroy();
  }
}

function notAtItsEnd(): JobError {
  return new JobError(
    "INVALID_RESPONSE",
    "Behind the gzip come bytes that are none of it: the file is damaged or padded. Leave gunzip out to see what the other end sends.",
  );
}

function blownUp(came: number, unpacked: number): JobError {
  return new JobError(
    "INVALID_RESPONSE",
    `The file unpacks to more than ${maxRatio} times what came (${unpacked} bytes from ${came} so far): it is not unpacked further. Leave gunzip out if it is meant to be so.`,
    { details: { cameBytes: came, unpackedBytes: unpacked }, retryable: false },
  );
}

/** Undoes the Content-Encoding of an answer, a piece at a time. */
import { pipeline, Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from "node:zlib";
import type { ResponseBody } from "../model/outgoing-request.ts";
import type { Target } from "./address-policy.ts";
import { invalidResponse } from "./egress-errors.ts";

/** Encodings on top of one another; nobody means more, and each costs memory (RFC 9110, section 8.4, sets no limit). */
const maxEncodings = 2;

/** What is sent as `accept-encoding`. */
export const acceptedEncodings = "gzip, deflate, br";

/**
 * The decoded body. An encoding that is not known leaves the body as it came.
 *
 * Decoding is pulled by the reader: however far a body blows up, no more than one piece of 64 KiB waits.
 *
 * @throws JobError INVALID_RESPONSE while reading, where the body is not what its Content-Encoding says or is cut off, and at
 *   once where more than two encodings are named.
 */
export function decodeBody(raw: ResponseBody, contentEncoding: string | undefined, target: Target): ResponseBody {
  if (contentEncoding === undefined || contentEncoding === "") return raw;
  const encodings = contentEncoding
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "identity" && name !== "");
  if (encodings.length === 0 || !encodings.every((name) => known.has(name))) return raw;
  if (encodings.length > maxEncodings) {
    raw.destroy();
    throw invalidResponse(
      `The answer is encoded ${encodings.length} times over (Content-Encoding: ${contentEncoding.slice(0, 200)}); at most ${maxEncodings} are decoded.`,
      target,
    );
  }

  let destroy = (): void => raw.destroy();
  return {
    destroy: () => destroy(),
    async *[Symbol.asyncIterator]() {
      let sourceFailure: { readonly error: unknown } | undefined;
      async function* watched(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
        try {
          yield first;
          for (;;) {
            const { done, value } = await rest.next();
            if (done) return;
            yield value;
          }
        } catch (error) {
          sourceFailure = { error };
          throw error;
        }
      }

      const source = raw[Symbol.asyncIterator]();
      // A HEAD, 304 or empty answer may name an encoding and have nothing to decode.
      const first = await source.next();
      if (first.done) return;
      const decoders = encodings.toReversed().map((name) => createDecoder(name, first.value));
      const last = decoders.at(-1);
      if (!last) return;
      destroy = () => {
        raw.destroy();
        for (const decoder of decoders) decoder.destroy();
      };
      try {
        pipeline([Readable.from(watched(first.value, source), { objectMode: false }), ...decoders], () => undefined);
        for await (const chunk of last) yield chunk;
      } catch (error) {
        if (sourceFailure) throw sourceFailure.error;
        throw invalidResponse(
          `The body is not valid ${encodings.join(", ")}, although its Content-Encoding says so: ${reasonOf(error)}.`,
          target,
          { reason: reasonOf(error) },
        );
      } finally {
        destroy();
      }
    },
  };
}

const known: ReadonlySet<string> = new Set(["gzip", "x-gzip", "deflate", "br"]);

function createDecoder(encoding: string, firstChunk: Uint8Array): Transform {
  const options = { chunkSize: 64 * 1024 };
  if (encoding === "br") return createBrotliDecompress(options);
  if (encoding !== "deflate") return createGunzip(options);
  // Many servers send deflate without its zlib wrapper, and browsers accept both (RFC 9110, section 8.4.1.2, note). The
  // low half of a wrapper's first byte is always 8 (RFC 1950, section 2.2).
  return ((firstChunk[0] ?? 0) & 0x0f) === 8 ? createInflate(options) : createInflateRaw(options);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

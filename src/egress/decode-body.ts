/** Undoes the Content-Encoding of an answer, a piece at a time. */
import { pipeline, Readable, Transform } from "node:stream";
import * as zlib from "node:zlib";
import { JobError } from "../model/job-errors.ts";
import type { ResponseBody } from "../model/outgoing-request.ts";
import type { Target } from "./address-policy.ts";
import { invalidResponse } from "./egress-errors.ts";

/** Encodings on top of one another; nobody means more, and each costs memory (RFC 9110, section 8.4, sets no limit). */
const maxEncodings = 2;

/** Decoded bytes up to which any ratio will do: the reader's own limit holds for what is small. */
const freeBytes = 16 * 1024 * 1024;

/** Beyond them, how many times larger than what came the decoded body may be; what people really send stays far below. */
const maxRatio = 250;

/** Node's zlib has zstd from 22.15 on. */
const createZstdDecompress: unknown = Reflect.get(zlib, "createZstdDecompress");

/** Whether a body in zstd can be decoded here. */
export const decodesZstd = typeof createZstdDecompress === "function";

/** What is sent as `accept-encoding`. */
export const acceptedEncodings = `gzip, deflate, br${decodesZstd ? ", zstd" : ""}`;

/**
 * The decoded body. An encoding that is not known leaves the body as it came.
 *
 * Decoding is pulled by the reader: however far a body blows up, no more than one piece of 64 KiB waits.
 *
 * @throws JobError INVALID_RESPONSE while reading, where the body is not what its Content-Encoding says, is cut off, or is past
 *   16 MiB and 250 times as large as what came; at once where more than two encodings are named, or zstd and it cannot be
 *   decoded here.
 */
export function decodeBody(raw: ResponseBody, contentEncoding: string | undefined, target: Target): ResponseBody {
  if (contentEncoding === undefined || contentEncoding === "") return raw;
  const encodings = contentEncoding
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "identity" && name !== "");
  if (encodings.includes("zstd") && !decodesZstd) {
    raw.destroy();
    throw invalidResponse(
      "The answer is in zstd (Content-Encoding), which was not asked for and which this node's Node.js cannot decode. Have the service answer in gzip or br, or the operator run the node on Node.js 22.15 or newer.",
      target,
      { contentEncoding: contentEncoding.slice(0, 200) },
    );
  }
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
      let came = 0;
      let decoded = 0;
      async function* watched(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
        try {
          came += first.byteLength;
          yield first;
          for (;;) {
            const { done, value } = await rest.next();
            if (done) return;
            came += value.byteLength;
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
        for await (const chunk of last) {
          decoded += chunk.byteLength;
          if (decoded > freeBytes && decoded > came * maxRatio) throw blownUp(came, decoded, target);
          yield chunk;
        }
      } catch (error) {
        if (sourceFailure) throw sourceFailure.error;
        if (error instanceof JobError) throw error;
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

const known: ReadonlySet<string> = new Set(["gzip", "x-gzip", "deflate", "br", "zstd"]);

function blownUp(came: number, decoded: number, target: Target): JobError {
  return invalidResponse(
    `The body grows to more than ${maxRatio} times what was sent (${decoded} bytes from ${came} so far): it is not decoded further. Have the service send it less compressed.`,
    target,
    { cameBytes: came, decodedBytes: decoded },
  );
}

function createDecoder(encoding: string, firstChunk: Uint8Array): Transform {
  const options = { chunkSize: 64 * 1024 };
  if (encoding === "br") return zlib.createBrotliDecompress(options);
  if (encoding === "zstd") return createZstdDecoder(options);
  if (encoding !== "deflate") return zlib.createGunzip(options);
  // Many servers send deflate without its zlib wrapper, and browsers accept both (RFC 9110, section 8.4.1.2, note). The
  // low half of a wrapper's first byte is always 8 (RFC 1950, section 2.2).
  return ((firstChunk[0] ?? 0) & 0x0f) === 8 ? zlib.createInflate(options) : zlib.createInflateRaw(options);
}

/** ZSTD_d_windowLogMax: a decoder keeps as much as the sender's window, and RFC 9659 allows it 8 MiB. */
const zstdWindow = { 100: 23 };

function createZstdDecoder(options: object): Transform {
  const made: unknown =
    typeof createZstdDecompress === "function" && createZstdDecompress({ ...options, params: zstdWindow });
  if (made instanceof Transform) return made;
  throw new Error("this Node.js has no zstd");
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

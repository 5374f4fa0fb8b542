/**
 * An answer's body on its way from the socket to its reader.
 *
 * States: open → ended | failed | destroyed. Invariants: once about 64 KiB wait for the reader the socket is paused, so
 * memory does not grow with the body; what had arrived before a failure is read before the failure is thrown; after
 * `destroy` nothing is read and nothing is thrown.
 */
import type { ResponseBody } from "../model/outgoing-request.ts";

/** Bytes that may wait for the reader before the socket is paused. */
const highWaterBytes = 64 * 1024;

/** What a body comes from, as far as its reader holds it back. */
export interface Source {
  pause(): void;
  resume(): void;
  /** The reader wants no more of it, before its end. */
  cancel(): void;
}

/** The two ends of a body: the reader gets `body`; whoever receives bytes calls the rest. */
export interface IncomingBody {
  readonly body: ResponseBody;
  push(chunk: Uint8Array): void;
  end(): void;
  fail(error: unknown): void;
}

interface Reader {
  resolve(result: IteratorResult<Uint8Array, undefined>): void;
  reject(error: unknown): void;
}

const finished = { done: true, value: undefined } as const;

/** Makes a body that pauses `source` while about 64 KiB wait to be read. */
export function createIncomingBody(source: Source): IncomingBody {
  const chunks: Uint8Array[] = [];
  let waitingBytes = 0;
  let paused = false;
  let end: { readonly error?: unknown; readonly failed: boolean } | undefined;
  let reader: Reader | undefined;

  function finish(how: typeof end): void {
    if (end || how === undefined) return;
    end = how;
    if (how.failed) reader?.reject(how.error);
    else reader?.resolve(finished);
    reader = undefined;
  }

  function next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const value = chunks.shift();
    if (value) {
      waitingBytes -= value.byteLength;
      if (paused && waitingBytes < highWaterBytes) {
        paused = false;
        source.resume();
      }
      return Promise.resolve({ done: false, value });
    }
    if (end) return end.failed ? Promise.reject(end.error) : Promise.resolve(finished);
    return new Promise((resolve, reject) => {
      reader = { resolve, reject };
    });
  }

  function destroy(): void {
    const early = end === undefined;
    chunks.length = 0;
    finish({ failed: false });
    if (early) source.cancel();
  }

  return {
    body: {
      destroy,
      [Symbol.asyncIterator]: () => ({
        next,
        return() {
          destroy();
          return Promise.resolve(finished);
        },
      }),
    },
    push(chunk) {
      if (end) return;
      if (reader) {
        const { resolve } = reader;
        reader = undefined;
        return resolve({ done: false, value: chunk });
      }
      chunks.push(chunk);
      waitingBytes += chunk.byteLength;
      if (waitingBytes < highWaterBytes || paused) return;
      paused = true;
      source.pause();
    },
    end: () => finish({ failed: false }),
    fail: (error) => finish({ failed: true, error }),
  };
}

/** Files within a ZIP archive, read where they lie, each bounded in what it unpacks to. */
import { PassThrough, type Readable } from "node:stream";
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader } from "yauzl";
import { isBomb } from "./bounds.ts";
import { FileFault } from "./file-fault.ts";
import type { FileSource } from "./records.ts";

const mostEntries = 10_000;

/** The files of an archive, by name. */
export interface Archive {
  has(name: string): boolean;
  /** The UTF-8 text of a file, in pieces; nothing where the archive has none of that name. */
  text(name: string): AsyncIterable<string>;
}

class SourceReader extends RandomAccessReader {
  readonly #source: FileSource;

  constructor(source: FileSource) {
    super();
    this.#source = source;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const through = new PassThrough();
    if (end <= start) return through.end();
    this.#source.open({ first: start, last: end - 1 }).then(
      (stream) => {
        stream.once("error", (error) => through.destroy(error));
        stream.pipe(through);
      },
      (error: Error) => through.destroy(error),
    );
    return through;
  }
}

/** Opens an archive. @throws FileFault for what is none */
export async function openZip(source: FileSource): Promise<Archive> {
  const entries = new Map<string, Entry>();
  const zip = await fromRandomAccessReaderPromise(new SourceReader(source), source.bytes, {
    lazyEntries: true,
    autoClose: false,
  }).catch((error: unknown) => {
    throw new FileFault(`The file is not an archive as Excel writes it, or is damaged: ${messageOf(error)}.`);
  });
  try {
    for await (const entry of zip.eachEntry()) {
      entries.set(entry.fileName, entry);
      if (entries.size > mostEntries) throw new FileFault(`The archive has more than ${mostEntries} files in it.`);
    }
  } catch (error) {
    throw error instanceof FileFault ? error : new FileFault(`The archive is damaged: ${messageOf(error)}.`);
  }

  async function* text(name: string): AsyncGenerator<string> {
    const entry = entries.get(name);
    if (!entry) return;
    const decoder = new TextDecoder("utf-8", { fatal: true });
    let bytes = 0;
    try {
      for await (const chunk of await zip.openReadStreamPromise(entry)) {
        if (!(chunk instanceof Uint8Array)) continue;
        bytes += chunk.length;
        if (isBomb(bytes, entry.compressedSize)) {
          throw new FileFault(
            `The file unpacks to more than 200 times its size (${bytes} bytes so far), which no data does.`,
          );
        }
        yield decoder.decode(chunk, { stream: true });
      }
      yield decoder.decode();
    } catch (error) {
      throw error instanceof FileFault
        ? error
        : new FileFault(`${name} in the archive is damaged: ${messageOf(error)}.`);
    }
  }

  return { has: (name) => entries.has(name), text };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

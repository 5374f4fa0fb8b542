import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { isBomb } from "./bounds.ts";
import { FileFault } from "./file-fault.ts";
import type { FileSource } from "./records.ts";

/** How the bytes of a file become text. */
export interface TextOptions {
  /** A label of the WHATWG Encoding Standard; `utf-8` unless said. */
  readonly encoding?: string;
  readonly compression?: "none" | "gzip";
}

/** The text of a file, in pieces. @throws FileFault for bytes that are none in this encoding, a broken or bomb-like packing */
export async function* decodeText(source: FileSource, options: TextOptions): AsyncGenerator<string> {
  const { encoding = "utf-8", compression = "none" } = options;
  const decoder = new TextDecoder(encoding, { fatal: true });
  let line = 1;
  for await (const chunk of compression === "gzip" ? unpacked(source) : opened(source)) {
    const text = decode(chunk, true);
    if (text.includes("\u0000")) throw nulAt(text);
    yield text;
    line += countLines(text);
  }
  const rest = decode(new Uint8Array(), false);
  if (rest !== "") yield rest;

  function decode(bytes: Uint8Array, stream: boolean): string {
    try {
      return decoder.decode(bytes, { stream });
    } catch {
      throw new FileFault(
        `The file is not ${decoder.encoding} somewhere behind line ${line}: give its encoding, such as windows-1252.`,
        line,
      );
    }
  }

  function nulAt(text: string): FileFault {
    const at = line + countLines(text.slice(0, text.indexOf("\u0000")));
    return new FileFault(`Line ${at} holds a NUL character: the file may be UTF-16 or no text at all.`, at);
  }
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

async function* opened(source: FileSource): AsyncGenerator<Uint8Array> {
  const stream: Readable = await source.open();
  for await (const chunk of stream) if (chunk instanceof Uint8Array) yield chunk;
}

async function* unpacked(source: FileSource): AsyncGenerator<Uint8Array> {
  const stream = await source.open();
  const gunzip = createGunzip();
  stream.once("error", (error) => gunzip.destroy(error));
  let bytes = 0;
  try {
    for await (const chunk of stream.pipe(gunzip)) {
      if (!(chunk instanceof Uint8Array)) continue;
      bytes += chunk.length;
      if (isBomb(bytes, gunzip.bytesWritten)) {
        throw new FileFault(
          `The file unpacks to more than 200 times its size (${bytes} bytes so far), which no data does.`,
        );
      }
      yield chunk;
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "Z_BUF_ERROR") throw new FileFault("The gzip file ends before it is whole.");
    if (code.startsWith("Z_")) throw new FileFault("The file is not gzip, or is damaged.");
    throw error;
  } finally {
    stream.destroy();
  }
}

import { SaxesParser } from "saxes";
import { mostRecordBytes } from "./bounds.ts";
import { FileFault } from "./file-fault.ts";

/** What hears the elements of a part, by their names without prefix. */
export interface PartHandler {
  open?(name: string, attribute: (name: string) => string | undefined): void;
  text?(text: string): void;
  close?(name: string): void;
  /** After each piece of text. */
  pieceEnded?(): void;
}

/** Reads a part of an Office file: well-formed XML whose prefixes do not matter, or nothing where the archive has no such part. @throws FileFault */
export async function parseXmlPart(name: string, text: AsyncIterable<string>, handler: PartHandler): Promise<void> {
  for await (const _ of eachPiece(name, text, handler)) handler.pieceEnded?.();
}

/** The same, handing over after each piece, so that what was read so far can be taken. */
export async function* eachPiece(
  name: string,
  text: AsyncIterable<string>,
  handler: PartHandler,
): AsyncGenerator<void> {
  const parser = new SaxesParser({ xmlns: false, position: false });
  parser.on("error", (error) => {
    throw new FileFault(`${name} in the archive is not XML: ${error.message}.`);
  });
  let sinceTag = 0;
  parser.on("opentag", (tag) => {
    sinceTag = 0;
    const attributes = new Map(Object.entries(tag.attributes).map(([key, value]) => [local(key), String(value)]));
    handler.open?.(local(tag.name), (key) => attributes.get(key));
  });
  parser.on("text", (piece) => handler.text?.(piece));
  parser.on("closetag", (tag) => handler.close?.(local(tag.name)));
  let isThere = false;
  for await (const piece of text) {
    isThere = true;
    // The parser holds a text until it has ended.
    sinceTag += piece.length;
    if (sinceTag > mostRecordBytes) throw new FileFault(`${name} in the archive holds a text without end.`);
    parser.write(piece);
    yield;
  }
  if (!isThere) return;
  parser.close();
  yield;
}

function local(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

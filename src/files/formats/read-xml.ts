import { type SaxesAttributeNS, SaxesParser } from "saxes";
import { faultOfBounds, mostDepth, mostRecordBytes } from "./bounds.ts";
import { decodeText, type TextOptions } from "./decode-text.ts";
import { FileFault } from "./file-fault.ts";
import type { FileRecord, FileSource, RecordReader } from "./records.ts";

/** How an XML file is written. */
export interface XmlOptions extends TextOptions {
  /** The elements that are records, from the root: `/orders/order`. Names are taken as they are written, prefix included. */
  readonly recordPath: string;
}

interface Element {
  readonly name: string;
  readonly fields: Map<string, unknown>;
  text: string;
}

/**
 * Reads the elements at a path. An element with neither attributes nor children is its text; another is an object: attributes as `@name`, children by
 * name (an array where there are several), text beside them as `#text`.
 *
 * Entities that the document declares are not expanded: they are a fault, so that none grows in memory or names a file.
 */
export function xmlReader(options: XmlOptions): RecordReader {
  return (source) => readXml(source, options);
}

async function* readXml(source: FileSource, options: XmlOptions): AsyncGenerator<readonly FileRecord[]> {
  const path = options.recordPath.split("/").filter((part) => part !== "");
  const parser = new SaxesParser({ xmlns: false, position: true });
  const outside: string[] = [];
  /** The record that is being read and the elements open within it. */
  const open: Element[] = [];
  let batch: FileRecord[] = [];
  let number = 0;
  let length = 0;
  let isRootClosed = false;
  let sinceTag = 0;

  function addLength(more: number): void {
    length += more;
    if (length > mostRecordBytes) throw faultHere(`A record is longer than ${mostRecordBytes} characters`);
  }

  function faultHere(what: string): FileFault {
    return new FileFault(`${what} on line ${parser.line}.`, parser.line);
  }

  parser.on("error", (error) => {
    throw new FileFault(
      `The file is not XML: ${error.message.replace(/^\d+:\d+: /, "")} (line ${parser.line}).`,
      parser.line,
    );
  });
  parser.on("opentag", (tag) => {
    sinceTag = 0;
    const isRecord = open.length === 0 && [...outside, tag.name].join("/") === path.join("/");
    if (open.length === 0 && !isRecord) {
      if (outside.length >= mostDepth) throw faultHere(`Elements nest deeper than ${mostDepth}`);
      outside.push(tag.name);
      return;
    }
    if (open.length >= mostDepth) throw faultHere(`Elements nest deeper than ${mostDepth}`);
    if (open.length === 0) length = 0;
    const fields = new Map<string, unknown>();
    for (const [name, value] of Object.entries<string | SaxesAttributeNS>(tag.attributes)) {
      fields.set(`@${name}`, value);
      addLength(name.length + String(value).length);
    }
    addLength(tag.name.length);
    open.push({ name: tag.name, fields, text: "" });
  });
  const addText = (text: string): void => {
    const element = open.at(-1);
    if (!element) return;
    addLength(text.length);
    element.text += text;
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", () => {
    const element = open.pop();
    if (!element) {
      outside.pop();
      if (outside.length === 0) isRootClosed = true;
      return;
    }
    const value = elementValue(element);
    const parent = open.at(-1);
    if (parent) return addChild(parent, element.name, value);
    number += 1;
    const fault = faultOfBounds(value);
    batch.push({ number, line: parser.line, value, ...(fault !== undefined && { fault }) });
  });

  for await (const text of decodeText(source, options)) {
    // The parser holds a text until it has ended.
    sinceTag += text.length;
    if (sinceTag > mostRecordBytes) throw faultHere(`A text is longer than ${mostRecordBytes} characters`);
    let failure: unknown;
    try {
      parser.write(text);
    } catch (error) {
      failure = error;
    }
    if (batch.length > 0) yield batch;
    batch = [];
    if (failure) throw failure;
  }
  parser.close();
  if (batch.length > 0) yield batch;
  if (!isRootClosed && number === 0) throw new FileFault("The file is empty: there is no XML in it.");
}

function addChild({ fields }: Element, name: string, value: unknown): void {
  const before = fields.get(name);
  if (before === undefined) fields.set(name, value);
  else if (before instanceof Several) before.items.push(value);
  else fields.set(name, new Several([before, value]));
}

/** Children of one name, told apart from a value that is an array. */
class Several {
  readonly items: unknown[];
  constructor(items: unknown[]) {
    this.items = items;
  }
}

function elementValue({ fields, text }: Element): unknown {
  if (fields.size === 0) return text;
  const value: Record<string, unknown> = Object.create(null);
  for (const [name, field] of fields) value[name] = field instanceof Several ? field.items : field;
  if (text.trim() !== "") value["#text"] = text.trim();
  return value;
}

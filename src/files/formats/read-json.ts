import { faultOfBounds, mostRecordBytes } from "./bounds.ts";
import { decodeText, type TextOptions } from "./decode-text.ts";
import { FileFault } from "./file-fault.ts";
import type { FileRecord, FileSource, RecordReader } from "./records.ts";
import { createJsonSplitter } from "./split-json.ts";

/** How a JSON file is written. */
export interface JsonOptions extends TextOptions {
  /** Where the array of records lies: a JSON Pointer such as `/data/items`; the whole file unless said. */
  readonly path?: string;
}

/** Reads the items of an array in a JSON file. */
export function jsonReader(options: JsonOptions): RecordReader {
  return (source) => readJson(source, options);
}

/** Reads JSON Lines: one record a line, empty lines passed over. A line that is no JSON is a faulty record. */
export function jsonLinesReader(options: TextOptions): RecordReader {
  return (source) => readJsonLines(source, options);
}

/** The keys of a JSON Pointer (RFC 6901). */
function keysOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

async function* readJson(source: FileSource, options: JsonOptions): AsyncGenerator<readonly FileRecord[]> {
  let number = 0;
  let batch: FileRecord[] = [];
  const splitter = createJsonSplitter(keysOf(options.path ?? ""), ({ text, line }) => {
    number += 1;
    try {
      const value: unknown = JSON.parse(text);
      const fault = faultOfBounds(value);
      batch.push({ number, line, value, ...(fault !== undefined && { fault }) });
    } catch (error) {
      // What follows a broken item cannot be trusted to be where it seems to be.
      throw new FileFault(`Record ${number} on line ${line} is not JSON: ${messageOf(error)}.`, line);
    }
  });
  for await (const text of decodeText(source, options)) {
    let failure: unknown;
    try {
      splitter.push(text);
    } catch (error) {
      failure = error;
    }
    if (batch.length > 0) yield batch;
    batch = [];
    if (failure) throw failure;
  }
  splitter.end();
}

async function* readJsonLines(source: FileSource, options: TextOptions): AsyncGenerator<readonly FileRecord[]> {
  let rest = "";
  let line = 0;
  let number = 0;

  function toRecords(lines: readonly string[]): FileRecord[] {
    return lines.flatMap((text) => {
      line += 1;
      if (text.trim() === "") return [];
      number += 1;
      try {
        const value: unknown = JSON.parse(text);
        const fault = faultOfBounds(value);
        if (fault !== undefined) return [{ number, line, value: text.slice(0, 10_000), fault }];
        return [{ number, line, value }];
      } catch (error) {
        return [{ number, line, value: text.slice(0, 10_000), fault: `is not JSON: ${messageOf(error)}` }];
      }
    });
  }

  for await (const text of decodeText(source, options)) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > mostRecordBytes) {
      throw new FileFault(
        `Line ${line + lines.length + 1} is longer than ${mostRecordBytes} characters.`,
        line + lines.length + 1,
      );
    }
    const batch = toRecords(lines);
    if (batch.length > 0) yield batch;
  }
  const last = toRecords([rest]);
  if (last.length > 0) yield last;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : String(error);
}

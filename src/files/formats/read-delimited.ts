import { finished } from "node:stream/promises";
import { CsvError, type Parser, parse } from "csv-parse";
import { ParamsFault } from "../params-fault.ts";
import { mostRecordBytes } from "./bounds.ts";
import { faultOfColumns } from "./column-names.ts";
import { decodeText, type TextOptions } from "./decode-text.ts";
import { FileFault } from "./file-fault.ts";
import type { FileRecord, FileSource, RecordReader } from "./records.ts";

/** How a delimited file is written. */
export interface DelimitedOptions extends TextOptions {
  readonly delimiter?: string;
  /** null: there are no quotes. */
  readonly quote?: string | null;
  readonly escape?: string;
  /** The names of the fields; without them the first line holds them. */
  readonly columns?: readonly string[];
  /** Lines that are passed over before the first that counts. */
  readonly skipLines?: number;
}

/**
 * Reads delimited files: each line is an object of texts. A line with another number of fields is a faulty record, and one with a quote within a
 * field that began without.
 *
 * @throws ParamsFault
 */
export function delimitedReader(options: DelimitedOptions): RecordReader {
  const fault = faultOfColumns(options.columns ?? []);
  if (fault !== undefined) throw new ParamsFault("parseOptions/columns", `: ${fault}`);
  return (source) => readDelimited(source, options);
}

async function* readDelimited(source: FileSource, options: DelimitedOptions): AsyncGenerator<readonly FileRecord[]> {
  const { delimiter = ",", quote = '"', escape: escapedBy = quote ?? '"', skipLines = 0 } = options;
  let columns = options.columns;
  let number = 0;
  let batch: FileRecord[] = [];
  let failure: unknown;
  let lastLine = skipLines;
  let strayLine = 0;
  let strays = 0;

  function take(fields: readonly string[], line: number): void {
    const isStray = strayLine > lastLine;
    lastLine = line;
    if (columns) {
      number += 1;
      const record = toRecord(columns, fields, number, line);
      batch.push(isStray ? { fault: strayQuote, ...record } : record);
    } else if (isStray) throw new FileFault(`The line of names, line ${line}, ${strayQuote}.`, line);
    else columns = requireHeader(fields, line);
  }

  const parser = parse({
    delimiter,
    quote: quote ?? false,
    escape: escapedBy,
    columns: false,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: mostRecordBytes,
    from_line: skipLines + 1,
    // Such a quote leaves no doubt of where the line ends. Any other that stands wrong does.
    skip_records_with_error: true,
    on_skip(error) {
      const { lines } = parser.info;
      strays = lines === strayLine ? strays + 1 : 1;
      if (error?.code !== "INVALID_OPENING_QUOTE" || strays > mostStrays) throw error;
      strayLine = lines;
      keepRecord(parser);
    },
  });
  // Records are taken as they are made. Its stream would queue each, and `on_record` is told so much of each that it costs a sixth of all work on a file.
  const push = parser.push.bind(parser);
  parser.push = (fields: string[] | null) => {
    if (fields === null) return push(null);
    try {
      if (!failure) take(fields, parser.info.lines);
    } catch (error) {
      failure = error;
    }
    return true;
  };
  parser.on("error", (error) => {
    failure ??= error;
  });
  parser.resume();
  for await (const text of decodeText(source, options)) {
    parser.write(text);
    if (batch.length > 0) yield batch;
    batch = [];
    if (failure) throw toFault(failure);
  }
  parser.end();
  await finished(parser).catch((error: unknown) => {
    failure ??= error;
  });
  if (batch.length > 0) yield batch;
  if (failure) throw toFault(failure);
  if (!columns) throw new FileFault("The file is empty: its first line should hold the names of the fields.");
}

/** Of one line: the parser looks through the whole field at each. */
const mostStrays = 100;

const strayQuote = "holds a quote within a field that did not begin with one";

/** Has a row be given that the parser would leave out: what is in it belongs into the file of errors. */
function keepRecord(parser: Parser): void {
  const state: unknown = Reflect.get(parser, "state");
  if (typeof state !== "object" || state === null || !("recordHasError" in state)) {
    throw new Error("this version of csv-parse does not say which rows it leaves out");
  }
  state.recordHasError = false;
}

function toRecord(columns: readonly string[], fields: readonly string[], number: number, line: number): FileRecord {
  if (fields.length !== columns.length) {
    return { number, line, value: fields, fault: `has ${fields.length} fields, where ${columns.length} are expected` };
  }
  const value: Record<string, unknown> = {};
  for (let index = 0; index < fields.length; index++) value[columns[index] ?? ""] = fields[index];
  return { number, line, value };
}

/** @throws FileFault for names that could not be told apart */
function requireHeader(fields: readonly string[], line: number): readonly string[] {
  const fault = faultOfColumns(fields);
  if (fault !== undefined) throw new FileFault(`On line ${line} ${fault}: mend it, or give the columns.`, line);
  return fields;
}

function toFault(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  const line = "lines" in error && typeof error.lines === "number" ? error.lines : null;
  const at = line === null ? "" : ` on line ${line}`;
  switch (error.code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return new FileFault(`A quote is opened${at} and never closed.`, line);
    case "CSV_MAX_RECORD_SIZE":
      return new FileFault(
        `A record${at} is longer than ${mostRecordBytes} bytes; is the delimiter or a quote wrong?`,
        line,
      );
    default:
      return new FileFault(`The file cannot be read${at}: ${error.message}`, line);
  }
}

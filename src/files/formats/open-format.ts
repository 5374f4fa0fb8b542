/** Which reader and writer a file gets. */

import type { Static } from "typebox";
import { isEncoding } from "../../model/encodings.ts";
import type { TargetFormat } from "../../model/file-params.ts";
import { ParamsFault } from "../params-fault.ts";
import { FileFault } from "./file-fault.ts";
import { type DelimitedOptions, delimitedReader } from "./read-delimited.ts";
import { type ExcelOptions, excelReader } from "./read-excel.ts";
import { type JsonOptions, jsonLinesReader, jsonReader } from "./read-json.ts";
import { type XmlOptions, xmlReader } from "./read-xml.ts";
import type { RecordReader, RecordWriter } from "./records.ts";
import { type ExcelTarget, excelWriter } from "./write-excel.ts";
import {
  type DelimitedTarget,
  delimitedWriter,
  jsonLinesWriter,
  jsonWriter,
  type XmlTarget,
  xmlWriter,
} from "./write-records.ts";

type FileFormat = Static<typeof TargetFormat>["format"];

/** How a file is to be read; what does not belong to its format is not looked at. */
export type ParseOptions = { readonly format?: FileFormat } & DelimitedOptions &
  JsonOptions &
  ExcelOptions &
  Partial<XmlOptions>;

/** How a file is to be written. */
export type TargetOptions = { readonly format: FileFormat; readonly compression?: "none" | "gzip" } & DelimitedTarget &
  XmlTarget &
  ExcelTarget;

const formatOfExtension: Readonly<Record<string, FileFormat>> = {
  csv: "delimited",
  tsv: "delimited",
  txt: "delimited",
  json: "json",
  jsonl: "jsonl",
  ndjson: "jsonl",
  xlsx: "excel",
  xml: "xml",
};

/** The format of a file: as the options say, or its name; undefined where neither does. */
export function formatOf(filename: string, { format }: Pick<ParseOptions, "format">): FileFormat | undefined {
  return format ?? formatOfExtension[extensionOf(filename)];
}

/** In lower case, without that of gzip; empty where there is none. */
function extensionOf(filename: string): string {
  return /\.([A-Za-z0-9]+)(?:\.gz)?$/i.exec(filename)?.[1]?.toLowerCase() ?? "";
}

/** Opens the reader for a file: what the options leave open, its name says. @throws FileFault where neither does; ParamsFault */
export function openReader(filename: string, options: ParseOptions): RecordReader {
  const isPacked = /\.gz$/i.test(filename);
  const extension = extensionOf(filename);
  const format = formatOf(filename, options);
  if (!format) throw new FileFault(`The format of ${filename} is not known by its name: give parseOptions.format.`);
  const named = formatOfExtension[extension];
  if (format === "excel" && named !== undefined && named !== "excel") {
    throw new ParamsFault("parseOptions/format", ` is excel, which ${filename} is not`);
  }
  const text = { compression: isPacked ? ("gzip" as const) : ("none" as const), ...options };
  if (text.encoding !== undefined && !isEncoding(text.encoding)) {
    throw new ParamsFault("parseOptions/encoding", `: ${JSON.stringify(text.encoding)} is not known`);
  }
  switch (format) {
    case "delimited":
      return delimitedReader({ ...(extension === "tsv" && { delimiter: "\t" }), ...text });
    case "json":
      return jsonReader(text);
    case "jsonl":
      return jsonLinesReader(text);
    case "excel":
      if (isPacked) throw new FileFault("An Excel file is packed already: send it without gzip.");
      return excelReader(text);
    case "xml": {
      const { recordPath } = text;
      if (recordPath === undefined)
        throw new ParamsFault("parseOptions/recordPath", " is needed for XML, such as /orders/order");
      return xmlReader({ ...text, recordPath });
    }
  }
}

/** Opens the writer for a format. @throws ParamsFault for names that it cannot write */
export function openWriter(options: TargetOptions): RecordWriter {
  switch (options.format) {
    case "delimited":
      return delimitedWriter(options);
    case "json":
      return jsonWriter;
    case "jsonl":
      return jsonLinesWriter;
    case "excel":
      return excelWriter(options);
    case "xml":
      return xmlWriter(options);
  }
}

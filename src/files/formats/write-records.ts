/** Writers of the text formats. */
import { stringify } from "csv-stringify/sync";
import { FileFault } from "./file-fault.ts";
import type { RecordWriter } from "./records.ts";

/** How a delimited file is to be written. */
export interface DelimitedTarget {
  readonly delimiter?: string;
  readonly quote?: string;
  /** The names of the fields, in their order; those of the first record unless said. */
  readonly columns?: readonly string[];
}

/** Writes delimited text with a line of names first. Objects and arrays become JSON; an absent field is empty. */
export function delimitedWriter({ delimiter = ",", quote = '"', columns: given }: DelimitedTarget): RecordWriter {
  return async function* write(batches) {
    let columns = given;
    let number = 0;
    const known = new Set(given);
    const toLine = (rows: readonly (readonly unknown[])[]) => stringify([...rows], { delimiter, quote, escape: quote });
    for await (const batch of batches) {
      const rows: unknown[][] = [];
      for (const record of batch) {
        number += 1;
        const fields = requireObject(record, number);
        if (!columns) {
          columns = Object.keys(fields);
          for (const name of columns) known.add(name);
        }
        if (number === 1) rows.push([...columns]);
        for (const name of Object.keys(fields)) {
          if (!known.has(name)) {
            throw new FileFault(
              `Record ${number} has the field ${JSON.stringify(name)}, which the first has not: give targetFormat.columns.`,
            );
          }
        }
        rows.push(columns.map((name) => cellOf(fields[name])));
      }
      if (rows.length > 0) yield toLine(rows);
    }
    if (number === 0 && columns) yield toLine([columns]);
  };
}

/** Writes JSON Lines. */
export const jsonLinesWriter: RecordWriter = async function* write(batches) {
  for await (const batch of batches) yield batch.map((record) => `${JSON.stringify(record)}\n`).join("");
};

/** Writes one JSON array, an item a line. */
export const jsonWriter: RecordWriter = async function* write(batches) {
  let isFirst = true;
  yield "[";
  for await (const batch of batches) {
    const text = batch.map((record) => JSON.stringify(record)).join(",\n");
    if (text !== "") yield `${isFirst ? "\n" : ",\n"}${text}`;
    isFirst &&= text === "";
  }
  yield "\n]\n";
};

/** The names of the elements of an XML file. */
export interface XmlTarget {
  readonly rootElement?: string;
  readonly recordElement?: string;
}

/** Writes XML: fields become elements, `@name` an attribute, `#text` the text, an array one element for each of its items. */
export function xmlWriter({ rootElement = "records", recordElement = "record" }: XmlTarget): RecordWriter {
  return async function* write(batches) {
    let number = 0;
    yield `<?xml version="1.0" encoding="UTF-8"?>\n<${elementName(rootElement)}>\n`;
    for await (const batch of batches) {
      const lines = batch.map((record) => {
        number += 1;
        return `${elementOf(elementName(recordElement), requireObject(record, number))}\n`;
      });
      yield lines.join("");
    }
    yield `</${rootElement}>\n`;
  };
}

function requireObject(record: unknown, number: number): Record<string, unknown> {
  if (typeof record === "object" && record !== null && !Array.isArray(record)) return { ...record };
  throw new FileFault(`Record ${number} is not an object: this format holds objects alone.`);
}

function cellOf(value: unknown): unknown {
  if (value === null || value === undefined) return "";
  return typeof value === "object" || typeof value === "boolean" ? JSON.stringify(value) : value;
}

/** Letters, digits and the like (a part of XML 1.0, section 2.3): every name that is let through is one. */
const xmlName = /^[\p{L}_][\p{L}\p{N}_.-]*$/u;

function elementName(name: string): string {
  if (xmlName.test(name)) return name;
  throw new FileFault(`${JSON.stringify(name)} cannot be the name of an XML element: rename the field.`);
}

function elementOf(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => elementOf(name, item)).join("");
  if (typeof value !== "object" || value === null) {
    return value === null || value === undefined ? `<${name}/>` : `<${name}>${escapeXml(String(value))}</${name}>`;
  }
  let attributes = "";
  let content = "";
  for (const [key, field] of Object.entries(value)) {
    if (key === "#text") content += escapeXml(String(field));
    else if (key.startsWith("@")) attributes += ` ${elementName(key.slice(1))}="${escapeXml(String(field))}"`;
    else content += elementOf(elementName(key), field);
  }
  return `<${name}${attributes}>${content}</${name}>`;
}

/** Also takes out what XML 1.0 cannot hold at all. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"\r]/g, (char) => `&#${char.charCodeAt(0)};`);
}

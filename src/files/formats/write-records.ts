/** Writers of the text formats. */
import { stringify } from "csv-stringify/sync";
import { ParamsFault } from "../params-fault.ts";
import type { RecordWriter } from "./records.ts";
import { createTable, isObject, notAnObject } from "./write-table.ts";

/** How a delimited file is to be written. */
export interface DelimitedTarget {
  readonly delimiter?: string;
  readonly quote?: string;
  /** The names of the fields, in their order; those of the first record unless said. */
  readonly columns?: readonly string[];
}

/**
 * Writes delimited text with a line of names first. Objects and arrays become JSON; an absent field is empty.
 *
 * @throws ParamsFault for columns that could not be told apart
 */
export function delimitedWriter({ delimiter = ",", quote = '"', columns }: DelimitedTarget): RecordWriter {
  const table = createTable(columns);
  const toLines = (rows: readonly (readonly unknown[])[]) =>
    // A line of nothing would be passed over when it is read.
    stringify([...rows], { delimiter, quote, escape: quote, quoted_empty: table.columns().length === 1 });
  return {
    faultOf: table.faultOf,
    async *write(batches) {
      let hasHeader = false;
      for await (const batch of batches) {
        if (batch.length === 0) continue;
        const rows = batch.map((record) => table.valuesOf(record).map(cellOf));
        yield toLines(hasHeader ? rows : [table.columns(), ...rows]);
        hasHeader = true;
      }
      if (!hasHeader && columns) yield toLines([columns]);
    },
  };
}

const holdsAll = (): undefined => undefined;

/** Writes JSON Lines. */
export const jsonLinesWriter: RecordWriter = {
  faultOf: holdsAll,
  async *write(batches) {
    for await (const batch of batches) yield batch.map((record) => `${JSON.stringify(record)}\n`).join("");
  },
};

/** Writes one JSON array, an item a line. */
export const jsonWriter: RecordWriter = {
  faultOf: holdsAll,
  async *write(batches) {
    let isFirst = true;
    yield "[";
    for await (const batch of batches) {
      const text = batch.map((record) => JSON.stringify(record)).join(",\n");
      if (text !== "") yield `${isFirst ? "\n" : ",\n"}${text}`;
      isFirst &&= text === "";
    }
    yield "\n]\n";
  },
};

/** The names of the elements of an XML file. */
export interface XmlTarget {
  readonly rootElement?: string;
  readonly recordElement?: string;
}

/** Writes XML: fields become elements, `@name` an attribute, `#text` the text, an array one element for each of its items. @throws ParamsFault */
export function xmlWriter({ rootElement = "records", recordElement = "record" }: XmlTarget): RecordWriter {
  for (const [param, name] of Object.entries({ rootElement, recordElement })) {
    if (!xmlName.test(name)) throw new ParamsFault(`targetFormat/${param}`, `: ${faultOfName(name)}`);
  }
  return {
    faultOf: (record) => (isObject(record) ? faultOfNames(record) : notAnObject),
    async *write(batches) {
      yield `<?xml version="1.0" encoding="UTF-8"?>\n<${rootElement}>\n`;
      for await (const batch of batches) {
        yield batch.map((record) => `${elementOf(recordElement, record)}\n`).join("");
      }
      yield `</${rootElement}>\n`;
    },
  };
}

function cellOf(value: unknown): unknown {
  if (value === null || value === undefined) return "";
  return typeof value === "object" || typeof value === "boolean" ? JSON.stringify(value) : value;
}

/** Letters, digits and the like (a part of XML 1.0, section 2.3): every name that is let through is one. */
const xmlName = /^[\p{L}_][\p{L}\p{N}_.-]*$/u;

function faultOfName(name: string): string {
  return `${JSON.stringify(name)} cannot be the name of an XML element`;
}

function faultOfNames(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, field] of Object.entries(value)) {
    const name = key.startsWith("@") ? key.slice(1) : key;
    if (!Array.isArray(value) && key !== "#text" && !xmlName.test(name))
      return `${faultOfName(name)}: rename the field`;
    const inner = faultOfNames(field);
    if (inner !== undefined) return inner;
  }
  return undefined;
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
    else if (key.startsWith("@")) attributes += ` ${key.slice(1)}="${attributeText(String(field))}"`;
    else content += elementOf(key, field);
  }
  return `<${name}${attributes}>${content}</${name}>`;
}

/** A reader makes spaces of line ends and tabs that stand in an attribute as such. */
function attributeText(text: string): string {
  return escapeXml(text).replace(/[\t\n]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** Also takes out what XML 1.0 cannot hold at all. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"\r]/g, (char) => `&#${char.charCodeAt(0)};`);
}

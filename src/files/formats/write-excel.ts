import { Readable } from "node:stream";
import { ZipFile } from "yazl";
import type { RecordWriter } from "./records.ts";
import { escapeXml } from "./write-records.ts";
import { createTable, type Table } from "./write-table.ts";

/** How an Excel file is to be written. */
export interface ExcelTarget {
  readonly sheet?: string;
  /** The names of the columns, in their order; those of the first record unless said. */
  readonly columns?: readonly string[];
}

/** Rows and characters that Excel itself can open (Microsoft, "Excel specifications and limits"). */
const mostRows = 1_048_576;
const longestCell = 32_767;

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packages = "http://schemas.openxmlformats.org/package/2006";

/** Writes one sheet with a row of names first: numbers and booleans as such, all else as text, objects and arrays as JSON. */
export function excelWriter({ sheet = "Sheet1", columns }: ExcelTarget): RecordWriter {
  const table = createTable(columns);
  let rows = 1;

  function faultOf(record: unknown): string | undefined {
    const fault = table.faultOf(record);
    if (fault !== undefined) return fault;
    if (table.valuesOf(record).some((value) => textOf(value).length > longestCell)) {
      return `has a value that is longer than Excel's ${longestCell} characters`;
    }
    if (rows >= mostRows) return `is more than Excel's ${mostRows} rows: write another format`;
    rows += 1;
    return undefined;
  }

  async function* write(batches: AsyncIterable<readonly unknown[]>): AsyncGenerator<Uint8Array> {
    const zip = new ZipFile();
    const parts: readonly (readonly [string, string])[] = [
      [
        "[Content_Types].xml",
        `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
      ],
      [
        "_rels/.rels",
        `<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${relationships}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
      ],
      [
        "xl/workbook.xml",
        `<workbook xmlns="${main}" xmlns:r="${relationships}"><sheets><sheet name="${escapeXml(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
      ],
      [
        "xl/_rels/workbook.xml.rels",
        `<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${relationships}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
      ],
    ];
    for (const [name, part] of parts) zip.addBuffer(Buffer.from(head + part), name);
    const xml = Readable.from(sheetXml(batches, table), { objectMode: false });
    xml.once("error", (error) => output.destroy(error));
    zip.addReadStream(xml, "xl/worksheets/sheet1.xml");
    zip.end();
    const output = Readable.from(zip.outputStream);
    for await (const chunk of output) if (chunk instanceof Uint8Array) yield chunk;
    if (xml.errored) throw xml.errored;
  }
  return { faultOf, write };
}

async function* sheetXml(batches: AsyncIterable<readonly unknown[]>, table: Table): AsyncGenerator<string> {
  let row = 1;
  yield `${head}<worksheet xmlns="${main}"><sheetData>`;
  for await (const batch of batches) {
    let xml = "";
    for (const record of batch) {
      if (row === 1) xml += rowXml(1, table.columns());
      row += 1;
      xml += rowXml(row, table.valuesOf(record));
    }
    yield xml;
  }
  if (row === 1 && table.columns().length > 0) yield rowXml(1, table.columns());
  yield "</sheetData></worksheet>";
}

function rowXml(row: number, values: readonly unknown[]): string {
  return `<row r="${row}">${values.map((value) => cellXml(value)).join("")}</row>`;
}

function cellXml(value: unknown): string {
  if (value === null || value === undefined) return "<c/>";
  if (typeof value === "number" && Number.isFinite(value)) return `<c><v>${value}</v></c>`;
  if (typeof value === "boolean") return `<c t="b"><v>${value ? 1 : 0}</v></c>`;
  return `<c t="inlineStr"><is><t xml:space="preserve">${escapeXml(textOf(value))}</t></is></c>`;
}

function textOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

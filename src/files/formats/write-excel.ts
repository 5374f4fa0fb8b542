import { Readable } from "node:stream";
import { ZipFile } from "yazl";
import { FileFault } from "./file-fault.ts";
import type { RecordWriter } from "./records.ts";
import { escapeXml } from "./write-records.ts";

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
  return async function* write(batches) {
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
    for (const [name, xml] of parts) zip.addBuffer(Buffer.from(head + xml), name);
    const rows = Readable.from(sheetXml(batches, columns), { objectMode: false });
    rows.once("error", (error) => output.destroy(error));
    zip.addReadStream(rows, "xl/worksheets/sheet1.xml");
    zip.end();
    const output = Readable.from(zip.outputStream);
    for await (const chunk of output) if (chunk instanceof Uint8Array) yield chunk;
    if (rows.errored) throw rows.errored;
  };
}

async function* sheetXml(
  batches: AsyncIterable<readonly unknown[]>,
  given: readonly string[] | undefined,
): AsyncGenerator<string> {
  let columns = given;
  let row = 1;
  yield `${head}<worksheet xmlns="${main}"><sheetData>`;
  for await (const batch of batches) {
    let xml = "";
    for (const record of batch) {
      if (typeof record !== "object" || record === null || Array.isArray(record)) {
        throw new FileFault(`Record ${row} is not an object: this format holds objects alone.`);
      }
      const fields: Record<string, unknown> = { ...record };
      columns ??= Object.keys(fields);
      if (row === 1) xml += rowXml(1, columns);
      row += 1;
      if (row > mostRows) throw new FileFault(`Excel holds ${mostRows} rows; write another format.`);
      const names = new Set(columns);
      const other = Object.keys(fields).find((name) => !names.has(name));
      if (other !== undefined) {
        throw new FileFault(
          `Record ${row - 1} has the field ${JSON.stringify(other)}, which the first has not: give targetFormat.columns.`,
        );
      }
      xml += rowXml(
        row,
        columns.map((name) => fields[name]),
      );
    }
    yield xml;
  }
  if (row === 1 && columns) yield rowXml(1, columns);
  yield "</sheetData></worksheet>";
}

function rowXml(row: number, values: readonly unknown[]): string {
  return `<row r="${row}">${values.map((value) => cellXml(value, row)).join("")}</row>`;
}

function cellXml(value: unknown, row: number): string {
  if (value === null || value === undefined) return "<c/>";
  if (typeof value === "number" && Number.isFinite(value)) return `<c><v>${value}</v></c>`;
  if (typeof value === "boolean") return `<c t="b"><v>${value ? 1 : 0}</v></c>`;
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  if (text.length > longestCell)
    throw new FileFault(`A cell of row ${row} is longer than Excel's ${longestCell} characters.`);
  return `<c t="inlineStr"><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`;
}

import { mostColumns, mostRecordBytes } from "./bounds.ts";
import { faultOfColumns } from "./column-names.ts";
import { dateOfSerial, readWorkbook, type Workbook } from "./excel-workbook.ts";
import { FileFault } from "./file-fault.ts";
import { openZip } from "./open-zip.ts";
import { eachPiece } from "./parse-xml-part.ts";
import type { FileRecord, FileSource, RecordReader } from "./records.ts";

/** Where the records lie in an Excel file. */
export interface ExcelOptions {
  /** The name of a sheet, or its number from 1; the first unless said. */
  readonly sheet?: string | number;
  /** The row with the names of the columns, from 1; 1 unless said. Records follow it. */
  readonly headerRow?: number;
}

/**
 * Reads the rows of a sheet: texts, numbers, booleans, and dates as ISO 8601 text without a zone. An empty cell is absent; a row
 * without any is passed over. Formulas give what Excel last worked out.
 */
export function excelReader(options: ExcelOptions): RecordReader {
  return (source) => readExcel(source, options);
}

async function* readExcel(source: FileSource, options: ExcelOptions): AsyncGenerator<readonly FileRecord[]> {
  const archive = await openZip(source);
  const workbook = await readWorkbook(archive);
  const part = chooseSheet(workbook, options.sheet ?? 1);
  const headerRow = options.headerRow ?? 1;
  let columns: Map<number, string> | undefined;
  let batch: FileRecord[] = [];
  let number = 0;

  let row = 0;
  let cells = new Map<number, unknown>();
  let column = 0;
  let type = "n";
  let style = 0;
  let text = "";
  let length = 0;
  let inValue = false;

  function endCell(): void {
    const value = cellValue(type, style, text, workbook);
    if (value === undefined) return;
    if (column >= mostColumns) throw new FileFault(`Row ${row} has more than ${mostColumns} columns.`, row);
    cells.set(column, value);
  }

  function endRow(): void {
    if (row === headerRow) {
      columns = new Map([...cells].map(([index, name]) => [index, String(name)]));
      const fault = faultOfColumns([...columns.values()]);
      if (fault !== undefined) throw new FileFault(`In row ${row} ${fault}.`, row);
    }
    if (row <= headerRow || cells.size === 0) return;
    number += 1;
    batch.push(toRecord(columns ?? new Map(), cells, row, number));
  }

  const pieces = eachPiece(part, archive.text(part), {
    open(name, attribute) {
      if (name === "row") {
        row = Number(attribute("r") ?? row + 1);
        cells = new Map();
        column = -1;
        length = 0;
      } else if (name === "c") {
        const place = attribute("r");
        column = place === undefined ? column + 1 : columnOf(place);
        type = attribute("t") ?? "n";
        style = Number(attribute("s") ?? -1);
        text = "";
      } else if (name === "v" || name === "t") inValue = true;
    },
    text(piece) {
      if (!inValue) return;
      text += piece;
      length += piece.length;
      if (length > mostRecordBytes)
        throw new FileFault(`Row ${row} is longer than ${mostRecordBytes} characters.`, row);
    },
    close(name) {
      if (name === "v" || name === "t") inValue = false;
      else if (name === "c") endCell();
      else if (name === "row") endRow();
    },
  });
  for await (const _ of pieces) {
    if (batch.length > 0) yield batch;
    batch = [];
  }
  if (!columns) throw new FileFault(`The sheet has no row ${headerRow} with the names of the columns.`);
}

function chooseSheet({ sheets }: Workbook, wanted: string | number): string {
  const names = [...sheets.keys()];
  const name = typeof wanted === "number" ? names[wanted - 1] : wanted;
  const part = name === undefined ? undefined : sheets.get(name);
  if (part) return part;
  const shown = names.slice(0, 20).map((one) => JSON.stringify(one));
  throw new FileFault(`The workbook has no sheet ${JSON.stringify(wanted)}; it has ${shown.join(", ")}.`);
}

/** `AB12` → 27. */
function columnOf(place: string): number {
  let column = 0;
  for (const letter of /^[A-Z]{1,3}/.exec(place)?.[0] ?? "") column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

function cellValue(type: string, style: number, text: string, workbook: Workbook): unknown {
  if (type === "s") return workbook.sharedTexts[Number(text)] || undefined;
  if (text === "") return undefined;
  if (type === "b") return text === "1";
  if (type !== "n") return text;
  const number = Number(text);
  return workbook.dateStyles[style] ? dateOfSerial(number, workbook.epoch) : number;
}

function toRecord(
  columns: ReadonlyMap<number, string>,
  cells: ReadonlyMap<number, unknown>,
  row: number,
  number: number,
): FileRecord {
  const value: Record<string, unknown> = {};
  for (const [index, cell] of cells) {
    const name = columns.get(index);
    if (name === undefined)
      return {
        number,
        line: row,
        value: [...cells.values()],
        fault: `has a value in a column without a name (${index + 1})`,
      };
    value[name] = cell;
  }
  return { number, line: row, value };
}

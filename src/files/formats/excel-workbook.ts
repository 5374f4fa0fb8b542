/** What an Excel file says beside its cells: its sheets, its shared texts, which number formats are dates (ECMA-376, part 1). */
import { FileFault } from "./file-fault.ts";
import type { Archive } from "./open-zip.ts";
import { parseXmlPart } from "./parse-xml-part.ts";

/** Characters of shared texts that are held in memory. */
const mostSharedText = 48 * 1024 * 1024;

/** The parts that reading a sheet needs. */
export interface Workbook {
  /** Name → file in the archive, in the order of the tabs. */
  readonly sheets: ReadonlyMap<string, string>;
  readonly sharedTexts: readonly string[];
  /** By the number of a cell's style: whether it shows a date. */
  readonly dateStyles: readonly boolean[];
  /** Whether days count from 1904, as on old Macs. */
  readonly epoch: 1900 | 1904;
}

/** Reads the workbook of an archive. @throws FileFault */
export async function readWorkbook(archive: Archive): Promise<Workbook> {
  if (!archive.has("xl/workbook.xml"))
    throw new FileFault("The file is an archive, but not one that Excel writes (.xlsx).");
  const targets = new Map<string, string>();
  await parseXmlPart("workbook.xml.rels", archive.text("xl/_rels/workbook.xml.rels"), {
    open(name, attribute) {
      if (name !== "Relationship") return;
      targets.set(attribute("Id") ?? "", partName(attribute("Target") ?? ""));
    },
  });
  const sheets = new Map<string, string>();
  let epoch: Workbook["epoch"] = 1900;
  await parseXmlPart("workbook.xml", archive.text("xl/workbook.xml"), {
    open(name, attribute) {
      if (name === "sheet") sheets.set(attribute("name") ?? "", targets.get(attribute("id") ?? "") ?? "");
      if (name === "workbookPr" && /^(1|true)$/.test(attribute("date1904") ?? "")) epoch = 1904;
    },
  });
  return { sheets, epoch, sharedTexts: await readSharedTexts(archive), dateStyles: await readDateStyles(archive) };
}

function partName(target: string): string {
  return target.startsWith("/") ? target.slice(1) : `xl/${target}`;
}

async function readSharedTexts(archive: Archive): Promise<string[]> {
  const texts: string[] = [];
  let text = "";
  let inText = false;
  let phonetic = 0;
  let length = 0;
  await parseXmlPart("sharedStrings.xml", archive.text("xl/sharedStrings.xml"), {
    open(name) {
      if (name === "si") text = "";
      else if (name === "rPh") phonetic += 1;
      else if (name === "t") inText = phonetic === 0;
    },
    text(piece) {
      if (inText) text += piece;
    },
    close(name) {
      if (name === "t") inText = false;
      else if (name === "rPh") phonetic -= 1;
      else if (name === "si") {
        texts.push(text);
        // Also an empty text takes its place.
        length += text.length + 8;
        if (length > mostSharedText)
          throw new FileFault("The workbook's texts are too many to be read; save it as CSV.");
      }
    },
  });
  return texts;
}

/** Built-in formats that show dates or times (ECMA-376, part 1, section 18.8.30). */
const builtInDates = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47]);

async function readDateStyles(archive: Archive): Promise<boolean[]> {
  const formats = new Map<number, string>();
  const styles: boolean[] = [];
  let inCellStyles = false;
  await parseXmlPart("styles.xml", archive.text("xl/styles.xml"), {
    open(name, attribute) {
      if (name === "numFmt") formats.set(Number(attribute("numFmtId")), attribute("formatCode") ?? "");
      if (name === "cellXfs") inCellStyles = true;
      if (name === "xf" && inCellStyles) styles.push(showsDate(Number(attribute("numFmtId") ?? 0), formats));
    },
    close(name) {
      if (name === "cellXfs") inCellStyles = false;
    },
  });
  return styles;
}

function showsDate(format: number, formats: ReadonlyMap<number, string>): boolean {
  if (builtInDates.has(format)) return true;
  const code = formats.get(format) ?? "";
  return /[dmyhs]/i.test(code.replace(/"[^"]*"|\\.|\[[^\]]*\]|_./g, ""));
}

const dayMs = 86_400_000;

/** The text of a date that Excel counts in days: a date, a time of day below 1, or both (ISO 8601, without a zone). */
export function dateOfSerial(serial: number, epoch: Workbook["epoch"]): string {
  // Excel takes 1900 for a leap year: from 1 March 1900 on its count is one day ahead (ECMA-376, part 1, section 18.17.4.1).
  const first = epoch === 1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, serial < 60 ? 31 : 30);
  const at = new Date(first + Math.round(serial * dayMs));
  if (Number.isNaN(at.getTime())) return String(serial);
  const text = at.toISOString();
  if (serial >= 0 && serial < 1) return text.slice(11, 19);
  return Number.isInteger(serial) ? text.slice(0, 10) : text.slice(0, 19);
}

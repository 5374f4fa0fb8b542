/** Files that other tools have made, and our own as other tools read them. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { openReader, openWriter, type ParseOptions, type TargetOptions } from "./open-format.ts";
import type { FileRecord, RecordWriter } from "./records.ts";

async function read(filename: string, bytes: Buffer, options: ParseOptions = {}): Promise<FileRecord[]> {
  const source = {
    bytes: bytes.length,
    open: async (range = { first: 0, last: bytes.length - 1 }) =>
      Readable.from([bytes.subarray(range.first, range.last + 1)]),
  };
  const records: FileRecord[] = [];
  for await (const batch of openReader(filename, options)(source)) records.push(...batch);
  return records;
}

async function* writing(writer: RecordWriter, batches: readonly (readonly unknown[])[]) {
  for (const record of batches.flat()) expect(writer.faultOf(record)).toBeUndefined();
  yield* writer.write(Readable.from(batches));
}

async function write(records: readonly unknown[], options: TargetOptions): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of writing(openWriter(options), [records])) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function has(tool: string): boolean {
  try {
    execFileSync("which", [tool], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const valuesOf = (records: readonly FileRecord[]) => records.map((record) => record.value);
const people = [
  { id: "1", name: "Müller" },
  { id: "2", name: "žluťoučký" },
];
const csv = "id,name\n1,Müller\n2,žluťoučký\n";

test("Excel as openpyxl 3.1.5 writes it: a sheet by name, texts, dates, booleans, empty rows, a formula without its value", async () => {
  const bytes = readFileSync(new URL("openpyxl.fixture.xlsx", import.meta.url));
  expect(await read("orders.xlsx", bytes, { sheet: "Orders", headerRow: 2 })).toEqual([
    {
      number: 1,
      line: 3,
      value: { id: 1, name: 'Ann "née" B.', paid: true, amount: 10.5, ordered: "2026-01-02T03:04:05" },
    },
    { number: 2, line: 4, value: { id: 2, name: "  ünï <&> 名  ", paid: false, amount: 7, ordered: "2026-02-28" } },
    { number: 3, line: 6, value: { id: 3, name: "line\nbreak", amount: -0.25, ordered: "2026-12-31" } },
  ]);
});

test.runIf(has("gzip"))("gzip, in one piece or several one behind another", async () => {
  const packed = execFileSync("gzip", ["-9"], { input: csv });
  expect(valuesOf(await read("a.csv.gz", packed))).toEqual(people);
  const halves = [csv.slice(0, 10), csv.slice(10)].map((input) => execFileSync("gzip", ["-c"], { input }));
  expect(valuesOf(await read("a.csv.gz", Buffer.concat(halves)))).toEqual(people);
});

test.runIf(has("iconv"))("encodings that iconv writes", async () => {
  for (const [theirs, ours] of [
    ["UTF-16LE", "utf-16le"],
    ["ISO-8859-2", "iso-8859-2"],
    ["CP1250", "windows-1250"],
    ["UTF-16BE", "utf-16be"],
  ] as const) {
    const input = theirs === "CP1250" || theirs === "ISO-8859-2" ? csv : csv.replace("1,", "1,名");
    const bytes = execFileSync("iconv", ["-f", "UTF-8", "-t", theirs], { input });
    const [first, second] = people;
    const expected = input === csv ? people : [{ ...first, name: "名Müller" }, second];
    expect(valuesOf(await read("a.csv", bytes, { encoding: ours })), ours).toEqual(expected);
  }
});

test.runIf(has("zip"))("an Excel file that unpacks to far more than it is ends in a clear failure", async () => {
  const folder = mkdtempSync(join(tmpdir(), "punctual-zip-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const target = join(folder, "bomb.xlsx");
  writeFileSync(target, await write([{ a: 1 }], { format: "excel" }));
  execFileSync("unzip", ["-q", "bomb.xlsx", "-d", "parts"], { cwd: folder });
  const sheet = join(folder, "parts/xl/worksheets/sheet1.xml");
  const rows = `<row><!--${" ".repeat(1024 * 1024)}--></row>`.repeat(120);
  const [head = "", tail = ""] = readFileSync(sheet, "utf8").split("</sheetData>");
  writeFileSync(sheet, `${head}${rows}</sheetData>${tail}`);
  rmSync(target);
  execFileSync("zip", ["-q", "-r", "../bomb.xlsx", "."], { cwd: join(folder, "parts") });
  await expect(read("bomb.xlsx", readFileSync(target))).rejects.toThrow(/unpacks to more than 200 times/);
});

test.runIf(has("python3"))("what is written as CSV, JSON, JSONL and XML is read by Python", async () => {
  const python = (program: string, input: Buffer): unknown =>
    JSON.parse(
      execFileSync("python3", ["-c", program], { input, env: { ...process.env, PYTHONUTF8: "1" } }).toString(),
    );
  const records = [
    { id: 1, text: 'q", \n<&>' },
    { id: 2, text: "名" },
  ];
  const texts = records.map(({ id, text }) => ({ id: String(id), text }));
  const load = "import sys,json,csv,io; print(json.dumps(";
  expect(
    python(
      `${load}list(csv.DictReader(io.TextIOWrapper(sys.stdin.buffer, newline='')))))`,
      await write(records, { format: "delimited" }),
    ),
  ).toEqual(texts);
  expect(python(`${load}json.load(sys.stdin)))`, await write(records, { format: "json" }))).toEqual(records);
  expect(python(`${load}[json.loads(l) for l in sys.stdin]))`, await write(records, { format: "jsonl" }))).toEqual(
    records,
  );
  const xml =
    "import sys,json,xml.etree.ElementTree as e; print(json.dumps([{f.tag:f.text for f in r} for r in e.parse(sys.stdin).getroot()]))";
  expect(python(xml, await write(records, { format: "xml" }))).toEqual(texts);
});

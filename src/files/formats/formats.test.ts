import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ZipFile } from "yazl";
import { openReader, openWriter, type ParseOptions, type TargetOptions } from "./open-format.ts";
import type { FileRecord, FileSource } from "./records.ts";

function sourceOf(content: string | Uint8Array, chunkBytes = 7): FileSource {
  const bytes = Buffer.from(content);
  return {
    bytes: bytes.length,
    async open(range = { first: 0, last: bytes.length - 1 }) {
      const part = bytes.subarray(range.first, range.last + 1);
      return Readable.from(
        (function* chunks() {
          for (let at = 0; at < part.length; at += chunkBytes) yield part.subarray(at, at + chunkBytes);
        })(),
        { objectMode: false },
      );
    },
  };
}

async function read(filename: string, content: string | Uint8Array, options: ParseOptions = {}, chunkBytes = 7) {
  const records: FileRecord[] = [];
  for await (const batch of openReader(filename, options)(sourceOf(content, chunkBytes))) records.push(...batch);
  return records;
}

const valuesOf = (records: readonly FileRecord[]) => records.map((record) => record.value);

async function write(records: readonly unknown[], options: TargetOptions): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const writer = openWriter(options);
  for (const record of records) expect(writer.faultOf(record)).toBeUndefined();
  const batches = Readable.from([records.slice(0, 1), records.slice(1)]);
  for await (const chunk of writer.write(batches)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

describe("delimited", () => {
  test("quotes, line ends, BOM and empty lines as they come", async () => {
    const text = '\ufeffid,name,note\r\n1,"Ann, née B.","two\nlines"\r\n\r\n2,"say ""hi""",\r\n';
    expect(await read("a.csv", text)).toEqual([
      { number: 1, line: 3, value: { id: "1", name: "Ann, née B.", note: "two\nlines" } },
      { number: 2, line: 5, value: { id: "2", name: 'say "hi"', note: "" } },
    ]);
  });

  test("other delimiters, quotes and encodings; names of columns that are given", async () => {
    expect(valuesOf(await read("a.tsv", "a\tb\n1\t2"))).toEqual([{ a: "1", b: "2" }]);
    const latin = Buffer.from("preis;'na;me'\n1;'M\xfcller'\n", "latin1");
    const options = { delimiter: ";", quote: "'", encoding: "windows-1252" };
    expect(valuesOf(await read("a.csv", latin, options))).toEqual([{ preis: "1", "na;me": "Müller" }]);
    expect(valuesOf(await read("a.txt", "1|2\n", { delimiter: "|", columns: ["x", "y"] }))).toEqual([
      { x: "1", y: "2" },
    ]);
  });

  test("a row with another number of fields is a faulty record, and the others are read", async () => {
    const records = await read("a.csv", "a,b\n1\n2,3\n4,5,6\n");
    expect(records.map(({ fault }) => fault)).toEqual([
      "has 1 fields, where 2 are expected",
      undefined,
      "has 3 fields, where 2 are expected",
    ]);
  });

  test("a row with a quote within a field is a faulty record, and the others are read", async () => {
    const fault = "holds a quote within a field that did not begin with one";
    const text = 'a "title"\nid,size\n1,2" pipe and 3"\n2,"4"" pipe"\n3"\n"4",5"\n';
    for (const chunkBytes of [1, 2, 7, 100]) {
      expect(await read("a.csv", text, { skipLines: 1 }, chunkBytes)).toEqual([
        { number: 1, line: 3, fault, value: { id: "1", size: '2" pipe and 3"' } },
        { number: 2, line: 4, value: { id: "2", size: '4" pipe' } },
        { number: 3, line: 5, fault: "has 1 fields, where 2 are expected", value: ['3"'] },
        { number: 4, line: 6, fault, value: { id: "4", size: '5"' } },
      ]);
    }
  });

  test.each<[string, string | Uint8Array, ParseOptions, RegExp]>([
    ["text behind a closed quote", 'a,b\n1,"2"3\n4,5\n', {}, /line 2.*Closing Quote/],
    ["a line of quotes", `a,b\n1,${'x"'.repeat(200_000)}\n`, {}, /line 2.*Opening Quote/],
    ["a quote within a name", 'a,b"c\n1,2\n', {}, /line of names, line 1, holds a quote/],
    ["an unclosed quote", 'a,b\n1,"2\n3,4\n', {}, /A quote is opened.* and never closed/],
    ["a NUL", "a,b\n1,\u0000\n", {}, /Line 2 holds a NUL character/],
    ["the wrong encoding", Buffer.from("a\nM\xfcller\n", "latin1"), {}, /is not utf-8 somewhere behind line/],
    ["a name twice", "a,a\n1,2\n", {}, /"a" is there twice/],
    ["a name twice among those given", "1,2\n", { columns: ["a", "a"] }, /parseOptions\/columns: .*"a" is there twice/],
    ["100,000 columns", `${"a,".repeat(100_000)}\n`, {}, /there are 100001 columns; 10000 are the most/],
    ["one long line", `a\n${"x".repeat(5_000_000)}\n`, {}, /is longer than 4194304 bytes/],
    ["nothing", "", {}, /The file is empty/],
    ["an unknown encoding", "a\n", { encoding: "klingon" }, /encoding: "klingon" is not known/],
  ])("%s ends in a clear failure", async (_name, content, options, message) => {
    await expect(read("a.csv", content, options, 65_536)).rejects.toThrow(message);
  });
});

describe("JSON", () => {
  test("an array, at the top or at a path, in pieces of any size", async () => {
    const items = [{ a: 'q"}],{' }, [1, [2]], "text, ]", 3, null, true, {}];
    const nested = { meta: { items: [0], "data/x": "}" }, data: { items, more: [[1]] }, tail: "[" };
    for (const chunkBytes of [1, 2, 3, 64]) {
      expect(valuesOf(await read("a.json", JSON.stringify(items), {}, chunkBytes))).toEqual(items);
      expect(
        valuesOf(await read("a.json", JSON.stringify(nested, null, 2), { path: "/data/items" }, chunkBytes)),
      ).toEqual(items);
    }
    const pretty = '[\n  {"a": 1},\n  {"a":\n 2}\n]';
    expect((await read("a.json", pretty)).map(({ line }) => line)).toEqual([2, 3]);
    expect(await read("a.json", "[]")).toEqual([]);
  });

  test.each<[string, string, ParseOptions, RegExp]>([
    ["cut in half", '[{"a":1},{"a":', {}, /ends before its JSON does/],
    ["not an array", '{"a":1}', {}, /no array at its top/],
    ["no such path", '{"a":[1]}', { path: "/b" }, /no array at \/b/],
    ["a broken item", '[{"a":1},{"a":nope}]', {}, /Record 2 on line 1 is not JSON/],
    ["a million deep", "[".repeat(1_000_000), {}, /nests deeper than 64/],
    ["wrongly closed", '[{"a":1]]', {}, /closes what was not opened/],
    ["two values", '[{"a":1}]\n[{"a":2}]', {}, /Line 2 is not JSON, or holds more than one value/],
    ["nothing between commas", '[{"a":1},,{"a":2}]', {}, /no item between two commas/],
    ["a comma behind the last", '[{"a":1},]', {}, /no item between two commas, or behind the last/],
    ["the path twice", '{"d":[1],\n"d":[2]}', { path: "/d" }, /two values at \/d, again on line 2/],
    ["the path twice, then no array", '{"d":[1],"d":2}', { path: "/d" }, /two values at \/d/],
    ["nonsense before the array", '{"x" nonsense, "d":[1]}', { path: "/d" }, /Line 1 is not JSON/],
    ["nonsense behind the array", '{"d":[1],}', { path: "/d" }, /Line 1 is not JSON/],
    ["a word that is none", '{"x":nope,"d":[1]}', { path: "/d" }, /Line 1 is not JSON/],
    ["one endless string", `["${"x".repeat(5_000_000)}`, {}, /is longer than 4194304 characters/],
  ])("%s ends in a clear failure", async (_name, text, options, message) => {
    await expect(read("a.json", text, options, 65_536)).rejects.toThrow(message);
  });

  test("lines: a line that is no JSON is a faulty record", async () => {
    expect(await read("a.jsonl", '{"a":1}\n\n{"a":\n"x"')).toEqual([
      { number: 1, line: 1, value: { a: 1 } },
      { number: 2, line: 3, value: '{"a":', fault: expect.stringMatching(/^is not JSON: /) },
      { number: 3, line: 4, value: "x" },
    ]);
  });
});

const deep = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
const wide = Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`f${index}`, 1]));
const wideXml = `<r><x>${Array.from({ length: 10_001 }, (_, index) => `<f${index}/>`).join("")}</x><x>1</x></r>`;

test.each<[string, string, string, ParseOptions, string]>([
  ["a deep line", "a.jsonl", `${deep}\n{"a":1}\n`, {}, "nests deeper than 64"],
  ["a wide line", "a.jsonl", `${JSON.stringify(wide)}\n{"a":1}\n`, {}, "has 10001 fields; 10000 are the most"],
  ["a wide item", "a.json", JSON.stringify([wide, 1]), {}, "has 10001 fields; 10000 are the most"],
  ["a wide element", "a.xml", wideXml, { recordPath: "/r/x" }, "has 10001 fields; 10000 are the most"],
])("%s is refused alone", async (_name, filename, content, options, fault) => {
  expect((await read(filename, content, options, 65_536)).map((record) => record.fault)).toEqual([fault, undefined]);
});

describe("XML", () => {
  test("elements at the path: attributes, children, several of a name, text, CDATA", async () => {
    const text = `<?xml version="1.0"?><orders><order id="7"><sku>a&amp;b</sku><sku><![CDATA[<c>]]></sku><n/></order>
      <other/><order>plain</order></orders>`;
    expect(await read("a.xml", text, { recordPath: "/orders/order" })).toEqual([
      { number: 1, line: 1, value: { "@id": "7", sku: ["a&b", "<c>"], n: "" } },
      { number: 2, line: 2, value: "plain" },
    ]);
  });

  test.each([
    ["an entity bomb", '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><r><x>&b;</x></r>', /not XML.*entity/i],
    [
      "an external entity",
      '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r><x>&x;</x></r>',
      /not XML.*entity/i,
    ],
    ["unclosed", "<r><x>1</x>", /not XML.*unclosed/i],
    ["too deep", `<r>${"<x>".repeat(100_000)}`, /nest deeper than 64/],
    ["one huge element", `<r><x>${"y".repeat(5_000_000)}`, /longer than 4194304 characters/],
  ])("%s ends in a clear failure", async (_name, text, message) => {
    await expect(read("a.xml", text, { recordPath: "/r/x" }, 65_536)).rejects.toThrow(message);
  });
});

describe("gzip", () => {
  test("is unpacked by the name", async () => {
    expect(valuesOf(await read("a.csv.gz", gzipSync("a\n1\n")))).toEqual([{ a: "1" }]);
  });
  test("a bomb, a cut and a forgery end in a clear failure", async () => {
    const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024, `${" ".repeat(1_000_000)}\n`), { level: 1 });
    await expect(read("a.jsonl.gz", bomb, {}, 65_536)).rejects.toThrow(/unpacks to more than 200 times/);
    const packed = gzipSync("a\n1\n".repeat(1_000));
    await expect(read("a.csv.gz", packed.subarray(0, packed.length / 2))).rejects.toThrow(/ends before it is whole/);
    await expect(read("a.csv.gz", "a\n1\n")).rejects.toThrow(/is not gzip/);
  });
});

const rows = [
  { id: 1, name: 'Ann "née" B, C', active: true, tags: ["a", "b"], note: "line\nbreak" },
  { id: 2.5, name: "ünï <&> 名", active: false, tags: [], note: null },
];

test.each<[TargetOptions, string, ParseOptions, unknown[]]>([
  [{ format: "jsonl" }, "a.jsonl", {}, rows],
  [{ format: "json" }, "a.json", {}, rows],
  [
    { format: "delimited", delimiter: ";" },
    "a.csv",
    { delimiter: ";" },
    [
      { id: "1", name: 'Ann "née" B, C', active: "true", tags: '["a","b"]', note: "line\nbreak" },
      { id: "2.5", name: "ünï <&> 名", active: "false", tags: "[]", note: "" },
    ],
  ],
  [
    { format: "excel", sheet: "Orders & more" },
    "a.xlsx",
    { sheet: "Orders & more" },
    [
      { id: 1, name: 'Ann "née" B, C', active: true, tags: '["a","b"]', note: "line\nbreak" },
      { id: 2.5, name: "ünï <&> 名", active: false, tags: "[]" },
    ],
  ],
  [
    { format: "xml", rootElement: "orders", recordElement: "order" },
    "a.xml",
    { recordPath: "/orders/order" },
    [
      { id: "1", name: 'Ann "née" B, C', active: "true", tags: ["a", "b"], note: "line\nbreak" },
      { id: "2.5", name: "ünï <&> 名", active: "false", note: "" },
    ],
  ],
])("what is written as %j reads back", async (target, filename, options, expected) => {
  expect(valuesOf(await read(filename, await write(rows, target), options))).toEqual(expected);
});

test("nothing is written as a whole file of nothing", async () => {
  expect(String(await write([], { format: "json" }))).toBe("[\n]\n");
  expect(String(await write([], { format: "delimited", columns: ["a", "b"] }))).toBe("a,b\n");
  expect(await read("a.xlsx", await write([], { format: "excel", columns: ["a"] }))).toEqual([]);
});

test.each<[TargetOptions, string, ParseOptions, unknown[]]>([
  [{ format: "xml" }, "a.xml", { recordPath: "/records/record" }, [{ "@a": "x\ny\tz\r", b: " s " }]],
  [{ format: "delimited" }, "a.csv", {}, [{ a: "" }, { a: "2" }, { a: "" }]],
])("what is written as %j loses nothing", async (target, filename, options, records) => {
  expect(valuesOf(await read(filename, await write(records, target), options))).toEqual(records);
});

test.each<[TargetOptions, unknown[], RegExp]>([
  [{ format: "delimited" }, [{ a: 1 }, { b: 2 }], /has the field "b"/],
  [{ format: "delimited" }, [1], /is not an object/],
  [{ format: "excel" }, [{ a: "x".repeat(40_000) }], /longer than Excel's 32767/],
  [{ format: "excel" }, [{ a: 1 }, { b: 2 }], /has the field "b"/],
  [{ format: "xml" }, [{ a: [{ "1 a": 1 }] }], /cannot be the name of an XML element/],
])("%j cannot hold %j", (target, records, message) => {
  const { faultOf } = openWriter(target);
  expect(records.map(faultOf).at(-1)).toMatch(message);
});

test.each<[TargetOptions, RegExp]>([
  [{ format: "xml", rootElement: "1 x" }, /targetFormat\/rootElement: "1 x" cannot/],
  [{ format: "xml", recordElement: "<" }, /targetFormat\/recordElement/],
  [{ format: "delimited", columns: ["a", "a"] }, /targetFormat\/columns: the column "a" is there twice/],
  [{ format: "excel", columns: ["__proto__"] }, /targetFormat\/columns: "__proto__"/],
])("%j is a fault of the params", (target, message) => {
  expect(() => openWriter(target)).toThrow(message);
});

test.each(["a", "__proto__"])("an Excel file whose columns cannot be told apart (a, %s) is not read", async (name) => {
  const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
  const ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  const zip = new ZipFile();
  const parts = {
    "xl/workbook.xml": `<workbook ${ns} xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Target="s.xml"/></Relationships>',
    "xl/s.xml": `<worksheet ${ns}><sheetData><row>${cell("a")}${cell(name)}</row><row>${cell("1")}${cell("2")}</row></sheetData></worksheet>`,
  };
  for (const [part, xml] of Object.entries(parts)) zip.addBuffer(Buffer.from(xml), part);
  zip.end();
  await expect(read("a.xlsx", await buffer(zip.outputStream))).rejects.toThrow(/In row 1 .*(twice|cannot be the name)/);
});

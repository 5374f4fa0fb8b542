import { NumberInput, Select, SimpleGrid, TagsInput, TextInput } from "@mantine/core";
import type { Faults } from "../pointers.ts";

/** `parseOptions` as they are written. */
export type ParseOptions = Readonly<Record<string, unknown>>;

interface ReadOptionsProps {
  readonly value: ParseOptions;
  readonly faults: Faults;
  onChange(value: ParseOptions | undefined): void;
}

const formats = [
  { value: "delimited", label: "Delimited (CSV, TSV)" },
  { value: "json", label: "JSON" },
  { value: "jsonl", label: "JSON lines" },
  { value: "excel", label: "Excel" },
  { value: "xml", label: "XML" },
];

/** The options that a format has; those of all formats where its name is to say which it is. */
const optionsOf: Readonly<Record<string, readonly string[]>> = {
  delimited: ["delimiter", "quote", "columns", "skipLines", "encoding", "compression"],
  json: ["path", "encoding", "compression"],
  jsonl: ["encoding", "compression"],
  excel: ["sheet", "headerRow"],
  xml: ["recordPath", "encoding", "compression"],
  "": ["encoding"],
};

/** How a file is read: its format, and what belongs to that alone. */
export function ReadOptions({ value, faults, onChange }: ReadOptionsProps) {
  const format = typeof value.format === "string" ? value.format : "";
  // What is missing has its field, whether or not the format was chosen that it belongs to.
  const shown = [...(optionsOf[format] ?? []), ...[...faults.keys()].map((pointer) => pointer.slice(1))];
  const text = (name: string): string => (value[name] === undefined || value[name] === null ? "" : String(value[name]));

  function set(name: string, next: unknown): void {
    const { [name]: _before, ...rest } = value;
    const kept = next === undefined || next === "" ? rest : { ...rest, [name]: next };
    onChange(Object.keys(kept).length === 0 ? undefined : kept);
  }

  /** Options of the format before do not belong to another. */
  function setFormat(next: string | null): void {
    const allowed = optionsOf[next ?? ""] ?? [];
    const kept = Object.fromEntries(Object.entries(value).filter(([name]) => allowed.includes(name)));
    const all = next === null ? kept : { format: next, ...kept };
    onChange(Object.keys(all).length === 0 ? undefined : all);
  }

  const field = (name: string) => ({
    value: text(name),
    error: faults.get(`/${name}`),
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => set(name, currentTarget.value),
  });
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="sm">
      <Select
        label="Format"
        placeholder="As its name says"
        data={formats}
        value={format || null}
        error={faults.get("/format")}
        onChange={setFormat}
        clearable
      />
      {shown.includes("recordPath") && (
        <TextInput label="Path of a record" placeholder="/orders/order" required {...field("recordPath")} />
      )}
      {shown.includes("path") && (
        <TextInput
          label="Where the records are"
          placeholder="Outermost list, or a pointer such as /data/orders"
          {...field("path")}
        />
      )}
      {shown.includes("delimiter") && (
        <Select
          label="Between fields"
          placeholder="Comma; in .tsv a tab"
          data={withOther(text("delimiter"), [
            { value: ",", label: "Comma" },
            { value: ";", label: "Semicolon" },
            { value: "\t", label: "Tab" },
            { value: "|", label: "Bar |" },
          ])}
          value={text("delimiter") || null}
          error={faults.get("/delimiter")}
          onChange={(next) => set("delimiter", next ?? undefined)}
          clearable
        />
      )}
      {shown.includes("quote") && (
        <Select
          label="Around texts"
          placeholder={'Double quotes "'}
          data={withOther(text("quote"), [
            { value: '"', label: 'Double quotes "' },
            { value: "'", label: "Single quotes '" },
            { value: "none", label: "Nothing: quotes are text" },
          ])}
          value={value.quote === null ? "none" : text("quote") || null}
          error={faults.get("/quote")}
          onChange={(next) => set("quote", next === "none" ? null : (next ?? undefined))}
          clearable
        />
      )}
      {shown.includes("columns") && (
        <TagsInput
          label="Names of the columns"
          placeholder="From the first line"
          value={Array.isArray(value.columns) ? value.columns.map(String) : []}
          error={faults.get("/columns")}
          onChange={(columns) => set("columns", columns.length > 0 ? columns : undefined)}
        />
      )}
      {shown.includes("skipLines") && (
        <WholeNumber label="Lines to skip at the top" placeholder="0" {...{ name: "skipLines", value, faults, set }} />
      )}
      {shown.includes("sheet") && <TextInput label="Sheet" placeholder="The first" {...field("sheet")} />}
      {shown.includes("headerRow") && (
        <WholeNumber label="Row with the names" placeholder="1" {...{ name: "headerRow", value, faults, set }} />
      )}
      {shown.includes("encoding") && (
        <TextInput label="Encoding" placeholder="utf-8; windows-1252, for example" {...field("encoding")} />
      )}
      {shown.includes("compression") && (
        <Select
          label="Packed"
          placeholder="As its name says"
          data={[
            { value: "none", label: "No" },
            { value: "gzip", label: "With gzip" },
          ]}
          value={text("compression") || null}
          error={faults.get("/compression")}
          onChange={(next) => set("compression", next ?? undefined)}
          clearable
        />
      )}
    </SimpleGrid>
  );
}

interface WholeNumberProps {
  readonly label: string;
  readonly placeholder: string;
  readonly name: string;
  readonly value: ParseOptions;
  readonly faults: Faults;
  set(name: string, next: unknown): void;
}

function WholeNumber({ label, placeholder, name, value, faults, set }: WholeNumberProps) {
  return (
    <NumberInput
      label={label}
      placeholder={placeholder}
      min={0}
      allowDecimal={false}
      value={typeof value[name] === "number" ? value[name] : ""}
      error={faults.get(`/${name}`)}
      onChange={(next) => set(name, typeof next === "number" ? next : undefined)}
    />
  );
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** A choice that was made elsewhere, as JSON, stays one. */
function withOther(value: string, known: readonly Choice[]): Choice[] {
  return value === "" || known.some((one) => one.value === value) ? [...known] : [...known, { value, label: value }];
}

import { Select, SimpleGrid, TextInput } from "@mantine/core";
import { BucketPicker } from "../../../parts/bucket-picker.tsx";
import type { Faults } from "../../../parts/pointers.ts";

interface TargetFieldsProps {
  readonly params: Readonly<Record<string, unknown>>;
  readonly faults: Faults;
  onChange(change: Record<string, unknown>): void;
}

const formats = [
  { value: "delimited", label: "Delimited (CSV)" },
  { value: "json", label: "JSON" },
  { value: "jsonl", label: "JSON lines" },
  { value: "excel", label: "Excel" },
  { value: "xml", label: "XML" },
];

/** The text fields that each format has besides. */
const textsOf: Readonly<Record<string, readonly { name: string; label: string; placeholder: string }[]>> = {
  delimited: [
    { name: "delimiter", label: "Between fields", placeholder: "," },
    { name: "quote", label: "Around texts", placeholder: '"' },
  ],
  excel: [{ name: "sheet", label: "Sheet", placeholder: "Sheet1" }],
  xml: [
    { name: "rootElement", label: "Outermost element", placeholder: "records" },
    { name: "recordElement", label: "Element of a record", placeholder: "record" },
  ],
};

/** Where the new file goes, and how it is written. */
export function TargetFields({ params, faults, onChange }: TargetFieldsProps) {
  const target: Readonly<Record<string, unknown>> = { ...Object(params.targetFormat ?? {}) };
  const format = typeof target.format === "string" ? target.format : "";
  const text = (value: unknown): string => (value === undefined ? "" : String(value));

  function setTarget(name: string, value: string): void {
    const { [name]: _before, ...rest } = target;
    onChange({ targetFormat: value === "" ? rest : { ...rest, [name]: value } });
  }

  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="sm">
      <BucketPicker
        label="Bucket for the new file"
        required
        value={text(params.targetBucketCode)}
        error={faults.get("/targetBucketCode")}
        onChange={(code) => onChange({ targetBucketCode: code || undefined })}
      />
      <Select
        label="Format of the new file"
        required
        data={formats}
        value={format || null}
        error={faults.get("/targetFormat/format") ?? faults.get("/targetFormat")}
        // What belongs to the format before does not belong to another.
        onChange={(next) =>
          onChange({
            targetFormat:
              next === null
                ? undefined
                : { format: next, ...(target.compression !== undefined && { compression: target.compression }) },
          })
        }
      />
      <TextInput
        label="Name of the new file"
        placeholder="{name}, with the extension of the format"
        value={text(params.targetFilenamePattern)}
        error={faults.get("/targetFilenamePattern")}
        maxLength={255}
        spellCheck={false}
        onChange={({ currentTarget }) => onChange({ targetFilenamePattern: currentTarget.value || undefined })}
      />
      {format !== "" && format !== "excel" && (
        <Select
          label="Pack it"
          data={[
            { value: "none", label: "No" },
            { value: "gzip", label: "With gzip" },
          ]}
          value={text(target.compression) || "none"}
          error={faults.get("/targetFormat/compression")}
          onChange={(next) => setTarget("compression", next === "gzip" ? next : "")}
        />
      )}
      {(textsOf[format] ?? []).map(({ name, label, placeholder }) => (
        <TextInput
          key={name}
          label={label}
          placeholder={placeholder}
          value={text(target[name])}
          error={faults.get(`/targetFormat/${name}`)}
          onChange={({ currentTarget }) => setTarget(name, currentTarget.value)}
        />
      ))}
    </SimpleGrid>
  );
}

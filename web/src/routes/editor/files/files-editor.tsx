/** Params of the types that work on the records of files. Loaded when it is shown. */
import { Checkbox, SegmentedControl, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { type ReactNode, useMemo, useState } from "react";
import { BucketPicker } from "../../../parts/bucket-picker.tsx";
import { type Faults, faultsBelow, faultsOf } from "../../../parts/pointers.ts";
import { ReadOptions } from "../../../parts/records/read-options.tsx";
import classes from "./files.module.css";
import { JsonSchemaField } from "./json-schema-field.tsx";
import { MatchingFiles, useMatchingFiles } from "./matching-files.tsx";
import { proposeSchema } from "./propose-schema.ts";
import { StepsPreview } from "./steps-preview.tsx";
import { TargetFields } from "./target-fields.tsx";
import { type Transformer, TransformersEditor } from "./transformers-editor.tsx";
import { fieldNames, recordsAfter, useStepsPreview } from "./use-preview.ts";

interface FilesEditorProps {
  /** Whether the type writes a file of what it makes. */
  readonly writes: boolean;
  readonly params: Record<string, unknown>;
  readonly faults: Faults;
  onChange(params: Record<string, unknown>): void;
}

/** Which files, how they are read, what happens to their records, and where the files go; with a look at the first records. */
export function FilesEditor({ writes, params, faults: told, onChange }: FilesEditorProps) {
  const text = (name: string): string => (typeof params[name] === "string" ? params[name] : "");
  const isRejects = params.rejectsOf !== undefined;
  const bucketCode = text("incomingBucketCode");
  const pattern = isRejects ? text("rejectsOf") : text("filenamePattern");
  const files = useMatchingFiles(bucketCode, pattern);
  const [chosen, setChosen] = useState<string>();
  const filename = chosen !== undefined && files.names.includes(chosen) ? chosen : files.names[0];
  const preview = useStepsPreview(bucketCode, filename, isRejects, params);
  const { last } = preview;
  // What is found while one writes gives way to what was found when it was sent.
  const faults = useMemo(() => new Map([...faultsOf(preview.error), ...told]), [preview.error, told]);
  const read = useMemo(() => recordsAfter(last, ["parse"]), [last]);
  // As JSON, anything may have been written.
  const transformers: readonly Transformer[] = Array.isArray(params.transformers)
    ? params.transformers.map((one) => ({ ...Object(one ?? {}) }))
    : [];

  function set(change: Record<string, unknown>): void {
    const isGone = (name: string): boolean => name in change && (change[name] === undefined || change[name] === "");
    onChange(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([name]) => !isGone(name))));
  }
  const bucket = (name: string, label: string, description: string): ReactNode => (
    <BucketPicker
      label={label}
      description={description}
      placeholder="It stays where it is"
      value={text(name)}
      error={faults.get(`/${name}`)}
      onChange={(code) => set({ [name]: code })}
    />
  );

  return (
    <Stack gap="md">
      <Group title="Which files">
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="sm">
          <BucketPicker
            label="Bucket"
            description="Where they lie."
            required
            value={bucketCode}
            error={faults.get("/incomingBucketCode")}
            onChange={(code) => set({ incomingBucketCode: code })}
          />
          <div>
            <TextInput
              label={isRejects ? "File of errors" : "Files whose name fits"}
              description={isRejects ? "Its refused records are run again." : "* is any text, ? one character."}
              placeholder={isRejects ? "orders.csv.20261124_060000.errors.jsonl" : "orders_*.csv"}
              required
              value={pattern}
              error={faults.get(isRejects ? "/rejectsOf" : "/filenamePattern")}
              maxLength={255}
              spellCheck={false}
              onChange={({ currentTarget }) =>
                // Empty, it still says which of the two is meant.
                onChange({ ...params, [isRejects ? "rejectsOf" : "filenamePattern"]: currentTarget.value })
              }
            />
          </div>
        </SimpleGrid>
        <MatchingFiles files={files} />
        <SegmentedControl
          size="xs"
          aria-label="What is worked on"
          data={[
            { value: "files", label: "Whole files" },
            { value: "rejects", label: "Refused records" },
          ]}
          value={isRejects ? "rejects" : "files"}
          onChange={(what) => {
            const { rejectsOf: _rejects, filenamePattern: _pattern, ...rest } = params;
            onChange(what === "rejects" ? { ...rest, rejectsOf: "" } : rest);
          }}
        />
        <details
          className={classes.options}
          open={faultsBelow(faults, "/parseOptions").size > 0 || params.parseOptions !== undefined || undefined}
        >
          <summary>How they are read</summary>
          <ReadOptions
            value={{ ...Object(params.parseOptions ?? {}) }}
            faults={faultsBelow(faults, "/parseOptions")}
            onChange={(parseOptions) => set({ parseOptions })}
          />
        </details>
      </Group>
      <Group title="What a record must be">
        <JsonSchemaField
          label="Source schema"
          description="JSON Schema; a record that does not fulfil it is refused. In delimited files texts become numbers where it wants some."
          value={params.sourceSchema}
          faults={faultsBelow(faults, "/sourceSchema")}
          proposal={proposeSchema(read)}
          onChange={(sourceSchema) => set({ sourceSchema })}
        />
        <TextInput
          label="Field that names a record"
          description="Refused records are told by it."
          placeholder="id"
          value={text("recordIdentifierField")}
          error={faults.get("/recordIdentifierField")}
          maxLength={255}
          spellCheck={false}
          onChange={({ currentTarget }) => set({ recordIdentifierField: currentTarget.value })}
        />
      </Group>
      <Group title="What becomes of it">
        <TransformersEditor
          value={transformers}
          faults={faultsBelow(faults, "/transformers")}
          fieldsBefore={(place) => fieldNames(place === 0 ? read : recordsAfter(last, [`transformers/${place - 1}`]))}
          onChange={(next) => set({ transformers: next })}
        />
        <JsonSchemaField
          label="Target schema"
          description="JSON Schema of what comes out."
          value={params.targetSchema}
          faults={faultsBelow(faults, "/targetSchema")}
          proposal={
            transformers.length === 0
              ? undefined
              : proposeSchema(recordsAfter(last, [`transformers/${transformers.length - 1}`]))
          }
          onChange={(targetSchema) => set({ targetSchema })}
        />
        {writes && <TargetFields params={params} faults={faults} onChange={set} />}
      </Group>
      <Group title="Where the files go afterwards">
        <Checkbox
          label="Go on without the records that are refused"
          description="Otherwise one of them fails its file, and nothing is made of it."
          checked={params.skipInvalidRecords === true}
          onChange={({ currentTarget }) => set({ skipInvalidRecords: currentTarget.checked || undefined })}
        />
        <Checkbox
          label="Only the last of the files that fit"
          description="Earlier ones are skipped."
          checked={params.processLastMatchedFile === true}
          onChange={({ currentTarget }) =>
            set({
              processLastMatchedFile: currentTarget.checked || undefined,
              ...(!currentTarget.checked && { skippedBucketCode: undefined }),
            })
          }
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="sm">
          {bucket("processedBucketCode", "Bucket for those that went well", "With the file of errors beside it.")}
          {bucket(
            "invalidBucketCode",
            "Bucket for the others",
            "Files with refused records, and those that cannot be read.",
          )}
          {params.processLastMatchedFile === true &&
            bucket("skippedBucketCode", "Bucket for those that are skipped", "All but the last.")}
        </SimpleGrid>
      </Group>
      <StepsPreview
        names={files.names}
        chosen={filename}
        preview={preview.data}
        error={preview.error}
        isBusy={!preview.isSettled || preview.isFetching}
        onChoose={setChosen}
      />
    </Stack>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.group} aria-label={title}>
      <h3 className={classes.title}>{title}</h3>
      {children}
    </section>
  );
}

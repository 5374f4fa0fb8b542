import { Skeleton } from "@mantine/core";
import { lazy, Suspense, useMemo, useState } from "react";
import type { JobType } from "../../api/job-types.ts";
import type { Faults } from "../../parts/pointers.ts";
import { hasFields } from "../../parts/schema-form/form-schema.ts";
import { Section } from "../../parts/section.tsx";
import { JsonObject, type Writing, WritingSwitch } from "./json-object.tsx";

const SchemaForm = lazy(async () => ({
  default: (await import("../../parts/schema-form/schema-form.tsx")).SchemaForm,
}));

const FilesEditor = lazy(async () => ({ default: (await import("./files/files-editor.tsx")).FilesEditor }));

/** Types whose params have a form of their own, and whether each writes files. */
const fileTypes = new Map([
  ["validateDataFiles", { writes: false }],
  ["transformDataFiles", { writes: true }],
]);

interface ParamsEditorProps {
  readonly type: JobType | undefined;
  readonly params: Record<string, unknown>;
  readonly faults: Faults;
  onChange(params: Record<string, unknown>): void;
}

/** Params as a form of the type's schema and as JSON: two views of one thing. */
export function ParamsEditor({ type, params, faults, onChange }: ParamsEditorProps) {
  const schema = useMemo<Readonly<Record<string, unknown>> | undefined>(() => type && { ...type.paramsSchema }, [type]);
  const canBeForm = schema !== undefined && hasFields(schema);
  const [chosen, setChosen] = useState<Writing>("form");
  const ofFiles = fileTypes.get(type?.jobTypeCode ?? "");
  const isForm = canBeForm && chosen === "form";
  return (
    <Section
      title="Params"
      actions={canBeForm && <WritingSwitch label="How to write the params" value={chosen} onChange={setChosen} />}
    >
      {isForm ? (
        <Suspense fallback={<Skeleton height={320} />}>
          {ofFiles ? (
            <FilesEditor writes={ofFiles.writes} params={params} faults={faults} onChange={onChange} />
          ) : (
            <SchemaForm schema={schema} value={params} faults={faults} onChange={onChange} />
          )}
        </Suspense>
      ) : (
        <JsonObject label="Params (JSON)" value={params} example={{}} faults={faults} onChange={onChange} />
      )}
    </Section>
  );
}

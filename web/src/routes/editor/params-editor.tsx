import { SegmentedControl, Skeleton, Textarea } from "@mantine/core";
import { lazy, Suspense, useMemo, useState } from "react";
import type { JobType } from "../../api/job-types.ts";
import type { Faults } from "../../parts/pointers.ts";
import { hasFields } from "../../parts/schema-form/form-schema.ts";
import { Section } from "../../parts/section.tsx";
import classes from "./params-editor.module.css";

const SchemaForm = lazy(async () => ({
  default: (await import("../../parts/schema-form/schema-form.tsx")).SchemaForm,
}));

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
  const [chosen, setChosen] = useState("form");
  const isForm = canBeForm && chosen === "form";
  return (
    <Section
      title="Params"
      actions={
        canBeForm && (
          <SegmentedControl
            size="xs"
            aria-label="How to write the params"
            data={[
              { value: "form", label: "Form" },
              { value: "json", label: "JSON" },
            ]}
            value={chosen}
            onChange={setChosen}
          />
        )
      }
    >
      {isForm ? (
        <Suspense fallback={<Skeleton height={320} />}>
          <SchemaForm schema={schema} value={params} faults={faults} onChange={onChange} />
        </Suspense>
      ) : (
        <JsonParams params={params} faults={faults} onChange={onChange} />
      )}
    </Section>
  );
}

function JsonParams({ params, faults, onChange }: Omit<ParamsEditorProps, "type">) {
  const [text, setText] = useState(() => JSON.stringify(params, null, 2));
  const [fault, setFault] = useState<string>();
  const told = [...faults].map(([pointer, message]) => `${pointer || "The params"}: ${message}`).join("\n");

  function take(next: string): void {
    setText(next);
    try {
      const value: unknown = JSON.parse(next);
      const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
      setFault(isObject ? undefined : 'Params are an object: {"name": value}');
      if (isObject) onChange({ ...value });
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    }
  }

  return (
    <Textarea
      label="Params (JSON)"
      autosize
      minRows={6}
      maxRows={30}
      spellCheck={false}
      value={text}
      error={fault ?? (told || undefined)}
      onChange={({ currentTarget }) => take(currentTarget.value)}
      classNames={{ input: classes.code, error: classes.error }}
    />
  );
}

/** The form of a schema. Loaded when it is shown: the library behind it is larger than the rest of a page. */
import Form from "@rjsf/mantine";
import type { ErrorSchema, UiSchema, ValidatorType } from "@rjsf/utils";
import { useMemo } from "react";
import { Check } from "typebox/schema";
import { type Faults, partsOf } from "../pointers.ts";
import { AddButton } from "./add-button.tsx";
import { BucketWidget } from "./bucket-widget.tsx";
import { toFormSchema } from "./form-schema.ts";
import { JsonField } from "./json-field.tsx";
import { ObjectTemplate } from "./object-template.tsx";
import { DescriptionTemplate, TitleTemplate } from "./text-templates.tsx";

/**
 * Chooses which of several shapes a value has; whether it is right the node says. The library's own validator compiles
 * schemas to code, which the page's policy forbids.
 */
const validator: ValidatorType = {
  validateFormData: () => ({ errors: [], errorSchema: {} }),
  rawValidation: () => ({ errors: [] }),
  isValid: (schema, value) => {
    try {
      return typeof schema === "boolean" ? schema : Check(schema, value);
    } catch {
      // What this checker cannot read fits nothing.
      return false;
    }
  },
};

const fields = { json: JsonField };
const widgets = { bucket: BucketWidget };
const templates = {
  ObjectFieldTemplate: ObjectTemplate,
  TitleFieldTemplate: TitleTemplate,
  DescriptionFieldTemplate: DescriptionTemplate,
  ButtonTemplates: { AddButton },
};
const nothing = <></>;

interface SchemaFormProps {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly value: Record<string, unknown>;
  readonly faults: Faults;
  onChange(value: Record<string, unknown>): void;
}

/** Fields for what a schema allows; what is left empty is not sent. */
export function SchemaForm({ schema, value, faults, onChange }: SchemaFormProps) {
  const form = useMemo(() => {
    const { schema: made, uiSchema } = toFormSchema(schema);
    const look: UiSchema = { "ui:globalOptions": { enableOptionalDataFieldForType: ["object", "array"] } };
    return { schema: { ...made, title: "" }, uiSchema: { ...uiSchema, ...look } };
  }, [schema]);
  const errors = useMemo(() => toErrorSchema(faults), [faults]);
  return (
    <Form
      schema={form.schema}
      uiSchema={form.uiSchema}
      formData={value}
      validator={validator}
      fields={fields}
      widgets={widgets}
      templates={templates}
      extraErrors={errors}
      experimental_defaultFormStateBehavior={{ emptyObjectFields: "skipDefaults" }}
      showErrorList={false}
      noHtml5Validate
      tagName="div"
      idPrefix="params"
      onChange={({ formData }) => onChange(Object(formData))}
    >
      {nothing}
    </Form>
  );
}

function toErrorSchema(faults: Faults): ErrorSchema {
  const root: ErrorSchema = {};
  for (const [pointer, message] of faults) {
    let at: ErrorSchema = root;
    for (const name of partsOf(pointer)) {
      const next: ErrorSchema = at[name] ?? {};
      at[name] = next;
      at = next;
    }
    at.__errors = [message];
  }
  return root;
}

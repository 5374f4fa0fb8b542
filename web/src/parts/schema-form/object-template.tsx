import { Fieldset, Stack } from "@mantine/core";
import { buttonId, canExpand, getTemplate, getUiOptions, type ObjectFieldTemplateProps, titleId } from "@rjsf/utils";
import { type ReactNode, useState } from "react";
import classes from "./schema-form.module.css";

/** How many fields that are not required are seen before somebody asks for all. */
const mostAtFirst = 4;

/** An object's fields: those that matter first, the others behind a word that opens them. */
export function ObjectTemplate(props: ObjectFieldTemplateProps) {
  const { title, properties, optionalDataControl, fieldPathId, schema, formData, uiSchema, errorSchema, registry } =
    props;
  const isRoot = fieldPathId.path.length === 0;
  const shown = properties.filter(({ hidden }) => !hidden);
  // Chosen once: a field that moved while somebody writes into it would lose the keys.
  const [first] = useState(() => chooseFirst(shown, schema.required ?? [], Object(formData ?? {})));
  const rest = isRoot ? shown.filter(({ name }) => !first.has(name)) : [];
  const isFaulty = rest.some(({ name }) => Object(errorSchema ?? {})[name] !== undefined);
  const Title = getTemplate("TitleFieldTemplate", registry, getUiOptions(uiSchema));
  const { AddButton } = registry.templates.ButtonTemplates;

  const content: ReactNode = (
    <Stack gap="md">
      {shown
        .filter((one) => !rest.includes(one))
        .map(({ name, content: field }) => (
          <div key={name}>{field}</div>
        ))}
      {canExpand(schema, uiSchema, formData) && (
        <div>
          <AddButton
            id={buttonId(fieldPathId, "add")}
            onClick={props.onAddProperty}
            uiSchema={uiSchema}
            registry={registry}
          />
        </div>
      )}
      {rest.length > 0 && (
        <details className={classes.rest} open={isFaulty || undefined}>
          <summary className={classes.more}>{rest.length} more fields</summary>
          <Stack gap="md" mt="md">
            {rest.map(({ name, content: field }) => (
              <div key={name}>{field}</div>
            ))}
          </Stack>
        </details>
      )}
    </Stack>
  );
  if (isRoot || !title) return content;
  return (
    <Fieldset
      id={fieldPathId.$id}
      legend={
        <Title
          id={titleId(fieldPathId)}
          title={title}
          schema={schema}
          uiSchema={uiSchema}
          registry={registry}
          optionalDataControl={optionalDataControl}
        />
      }
    >
      {schema.description && <div className={classes.description}>{schema.description}</div>}
      {content}
    </Fieldset>
  );
}

function chooseFirst(
  properties: ObjectFieldTemplateProps["properties"],
  required: readonly string[],
  value: Readonly<Record<string, unknown>>,
): ReadonlySet<string> {
  const names = properties.map(({ name }) => name);
  const optional = names.filter((name) => !required.includes(name));
  return new Set([
    ...required,
    ...optional.slice(0, mostAtFirst),
    ...names.filter((name) => value[name] !== undefined),
  ]);
}

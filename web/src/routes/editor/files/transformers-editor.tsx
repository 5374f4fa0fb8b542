import { ActionIcon, Button, Group, Stack, Text, Textarea, Tooltip } from "@mantine/core";
import { useState } from "react";
import { ArrowDownIcon, ArrowUpIcon, PlusIcon, TrashIcon } from "../../../parts/icons.tsx";
import { type Faults, faultsBelow } from "../../../parts/pointers.ts";
import paramsClasses from "../json-object.module.css";
import classes from "./files.module.css";
import { JsonSchemaField } from "./json-schema-field.tsx";
import { MappingRows } from "./mapping-rows.tsx";

/** A transformer as it is sent. */
export type Transformer = Readonly<Record<string, unknown>>;

interface TransformersEditorProps {
  readonly value: readonly Transformer[];
  readonly faults: Faults;
  /** The fields of the records that come into each, where they are known. */
  readonly fieldsBefore: (place: number) => readonly string[];
  onChange(value: Transformer[] | undefined): void;
}

let nextId = 1;

/** What makes other records of those that are read, one after another. */
export function TransformersEditor({ value, faults, fieldsBefore, onChange }: TransformersEditorProps) {
  // Names of our own: what is written in one stays with it when it moves.
  const [ids, setIds] = useState(() => value.map(() => nextId++));

  function take(nextIds: number[], next: Transformer[]): void {
    setIds(nextIds);
    onChange(next.length > 0 ? next : undefined);
  }
  const add = (made: Transformer): void => take([...ids, nextId++], [...value, made]);
  const set = (place: number, made: Transformer): void => take(ids, value.with(place, made));
  const remove = (place: number): void => take(ids.toSpliced(place, 1), value.toSpliced(place, 1));

  function moveUp(place: number): void {
    const [id, one] = [ids[place], value[place]];
    if (id === undefined || !one) return;
    take(ids.toSpliced(place, 1).toSpliced(place - 1, 0, id), value.toSpliced(place, 1).toSpliced(place - 1, 0, one));
  }

  return (
    <Stack gap="md">
      {value.map((transformer, place) => {
        const name = `Transformer ${place + 1}`;
        const own = faultsBelow(faults, `/${place}`);
        return (
          <fieldset key={ids[place]} className={classes.transformer}>
            <legend>
              {name}: {transformer.type === "jsonata" ? "JSONata" : "fields"}
            </legend>
            <Group gap="xs" className={classes.tools}>
              {place > 0 && (
                <Tool label={`Move ${name} up`} onClick={() => moveUp(place)}>
                  <ArrowUpIcon size={16} />
                </Tool>
              )}
              {place < value.length - 1 && (
                <Tool label={`Move ${name} down`} onClick={() => moveUp(place + 1)}>
                  <ArrowDownIcon size={16} />
                </Tool>
              )}
              <Tool label={`Remove ${name}`} onClick={() => remove(place)}>
                <TrashIcon size={16} />
              </Tool>
            </Group>
            <Stack gap="sm">
              {transformer.type === "jsonata" ? (
                <Textarea
                  label="Expression"
                  description="JSONata; its result is the new record, and null drops it."
                  placeholder={'amount > 0 ? $merge([$, {"large": amount > 100}]) : null'}
                  required
                  autosize
                  minRows={2}
                  maxRows={12}
                  maxLength={4_096}
                  spellCheck={false}
                  value={String(transformer.expression ?? "")}
                  error={own.get("/expression") ?? own.get("")}
                  onChange={({ currentTarget }) => set(place, { ...transformer, expression: currentTarget.value })}
                  classNames={{ input: paramsClasses.code }}
                />
              ) : (
                <MappingRows
                  fields={transformer.fields}
                  faults={faultsBelow(own, "/fields")}
                  known={fieldsBefore(place)}
                  onChange={(fields) => set(place, { ...transformer, fields })}
                />
              )}
              {transformer.type !== "jsonata" && (own.get("/fields") ?? own.get("")) && (
                <Text size="sm" c="error" role="alert" className="foreign">
                  {own.get("/fields") ?? own.get("")}
                </Text>
              )}
              {transformer.schema === undefined ? (
                <Group>
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    aria-label={`Check what it makes: ${name}`}
                    onClick={() => set(place, { ...transformer, schema: {} })}
                  >
                    Check what it makes
                  </Button>
                </Group>
              ) : (
                <JsonSchemaField
                  label={`Schema of what ${name.toLowerCase()} makes`}
                  description="JSON Schema; a record that does not fulfil it is refused."
                  value={transformer.schema}
                  faults={faultsBelow(own, "/schema")}
                  onChange={(schema) => set(place, { ...transformer, schema })}
                />
              )}
            </Stack>
          </fieldset>
        );
      })}
      <Group gap="sm">
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<PlusIcon size={14} />}
          onClick={() => add({ type: "mapping", fields: {} })}
        >
          Choose fields
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<PlusIcon size={14} />}
          onClick={() => add({ type: "jsonata", expression: "$" })}
        >
          Write JSONata
        </Button>
      </Group>
    </Stack>
  );
}

function Tool({ label, onClick, children }: { label: string; onClick: () => void; children: React.ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

import { ActionIcon, Autocomplete, Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { PlusIcon, TrashIcon } from "../../../parts/icons.tsx";
import type { Faults } from "../../../parts/pointers.ts";
import classes from "./files.module.css";

interface MappingRowsProps {
  readonly fields: unknown;
  /** Of the fields, by their names. */
  readonly faults: Faults;
  /** Fields that the records have which come in. */
  readonly known: readonly string[];
  onChange(fields: Record<string, unknown>): void;
}

/** One field of the new record, while somebody writes it. */
interface Row {
  readonly id: number;
  readonly target: string;
  readonly kind: "from" | "value";
  /** A path; or a value, as JSON or as the text that it is. */
  readonly source: string;
  readonly type: string;
  /** Kept as it is: forms have no field for it. */
  readonly rest: Readonly<Record<string, unknown>>;
}

const types = [
  { value: "string", label: "a text" },
  { value: "number", label: "a number" },
  { value: "integer", label: "a whole number" },
  { value: "boolean", label: "true or false" },
];

let nextId = 1;

/** The fields of the new record, each a row: what it is called, and what it is made of. */
export function MappingRows({ fields, faults, known, onChange }: MappingRowsProps) {
  const [rows, setRows] = useState<readonly Row[]>(() => Object.entries(Object(fields ?? {})).map(toRow));
  const missing = known.filter((name) => !rows.some(({ kind, source }) => kind === "from" && source === name));

  function take(next: readonly Row[]): void {
    setRows(next);
    onChange(Object.fromEntries(next.filter(({ target }) => target !== "").map(toField)));
  }
  const change = (id: number, what: Partial<Row>): void =>
    take(rows.map((row) => (row.id === id ? { ...row, ...what } : row)));
  const newRow = (name: string): Row => ({
    id: nextId++,
    target: name,
    kind: "from",
    source: name,
    type: "",
    rest: {},
  });

  return (
    <Stack gap="sm" className={classes.rows}>
      {rows.map((row, place) => {
        const isTwice = row.target !== "" && rows.slice(0, place).some(({ target }) => target === row.target);
        const named = row.target || `field ${place + 1}`;
        return (
          <fieldset key={row.id} className={classes.row}>
            <legend className="visually-hidden">{named}</legend>
            <TextInput
              aria-label={`Name of ${named}`}
              placeholder="New field"
              value={row.target}
              error={
                isTwice ? "is there already" : faults.get(`/${row.target.replaceAll("~", "~0").replaceAll("/", "~1")}`)
              }
              spellCheck={false}
              onChange={({ currentTarget }) => change(row.id, { target: currentTarget.value })}
            />
            <Select
              aria-label={`What ${named} is`}
              data={[
                { value: "from", label: "is the field" },
                { value: "value", label: "is always" },
              ]}
              value={row.kind}
              allowDeselect={false}
              onChange={(kind) => change(row.id, { kind: kind === "value" ? "value" : "from" })}
            />
            {row.kind === "from" ? (
              <Autocomplete
                aria-label={`Source of ${named}`}
                placeholder="Field, or path.to.it"
                data={[...known]}
                limit={50}
                value={row.source}
                spellCheck={false}
                onChange={(source) => change(row.id, { source })}
              />
            ) : (
              <TextInput
                aria-label={`Value of ${named}`}
                placeholder={'EUR, 1.19, true or {"a": 1}'}
                value={row.source}
                spellCheck={false}
                onChange={({ currentTarget }) => change(row.id, { source: currentTarget.value })}
              />
            )}
            {row.kind === "from" && (
              <Select
                aria-label={`Type of ${named}`}
                placeholder="as it is"
                data={types}
                value={row.type || null}
                onChange={(type) => change(row.id, { type: type ?? "" })}
                clearable
              />
            )}
            <ActionIcon
              variant="subtle"
              color="red"
              className={classes.remove}
              aria-label={`Remove ${named}`}
              onClick={() => take(rows.filter(({ id }) => id !== row.id))}
            >
              <TrashIcon size={16} />
            </ActionIcon>
          </fieldset>
        );
      })}
      {rows.length === 0 && (
        <Text size="sm" className="dim">
          The new record has the fields that are named here, and no others.
        </Text>
      )}
      <Group gap="sm">
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<PlusIcon size={14} />}
          onClick={() => take([...rows, newRow("")])}
        >
          Add a field
        </Button>
        {missing.length > 0 && (
          <Button size="compact-sm" variant="default" onClick={() => take([...rows, ...missing.map(newRow)])}>
            Add all {missing.length} of the file
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function toRow([target, mapping]: [string, unknown]): Row {
  const id = nextId++;
  if (typeof mapping !== "object" || mapping === null) {
    return { id, target, kind: "from", source: String(mapping), type: "", rest: {} };
  }
  if ("value" in mapping) return { id, target, kind: "value", source: valueText(mapping.value), type: "", rest: {} };
  const { from, type, ...rest }: { from?: unknown; type?: unknown } = mapping;
  return { id, target, kind: "from", source: String(from ?? ""), type: String(type ?? ""), rest };
}

function toField({ target, kind, source, type, rest }: Row): [string, unknown] {
  if (kind === "value") return [target, { value: readValue(source) }];
  const isPlain = type === "" && Object.keys(rest).length === 0;
  return [target, isPlain ? source : { from: source, ...rest, ...(type !== "" && { type }) }];
}

/** JSON where it is some; else the text that was written. */
function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The way back: quotes stay around texts that would be read as something else. */
function valueText(value: unknown): string {
  return typeof value === "string" && readValue(value) === value ? value : JSON.stringify(value);
}

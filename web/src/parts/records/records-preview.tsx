import { Alert, SegmentedControl, Stack, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import type { FilePreview, PreviewedRecord } from "../../api/buckets.ts";
import { partsOf } from "../pointers.ts";
import { visible } from "../visible.ts";
import classes from "./records-preview.module.css";
import { stepName } from "./steps.ts";

const mostColumns = 30;
const longestCell = 120;

/** The first records of a file as a table, after whichever step somebody chooses; what is wrong with one stands below it. */
export function RecordsPreview({ preview }: { preview: FilePreview }) {
  const { records, fault, complete } = preview;
  const steps = useMemo(() => stepsOf(records), [records]);
  const [chosen, setChosen] = useState<string>();
  const step = chosen !== undefined && steps.includes(chosen) ? chosen : (steps.at(-1) ?? "parse");
  return (
    <Stack gap="sm">
      {steps.length > 1 && (
        <div className={classes.steps}>
          <SegmentedControl
            size="xs"
            aria-label="After which step"
            data={steps.map((value) => ({ value, label: stepName(value) }))}
            value={step}
            onChange={setChosen}
          />
        </div>
      )}
      {records.length > 0 && <RecordsTable records={records} step={step} />}
      {fault && (
        <Alert
          variant="outline"
          color="red"
          role="alert"
          title={fault.about === "file" ? "The file cannot be read on from here" : "The preview ends here"}
        >
          <Text size="sm" className="foreign">
            {fault.line !== null && `Line ${fault.line.toLocaleString()}: `}
            {visible(fault.message)}
          </Text>
        </Alert>
      )}
      <Text size="sm" className="dim" role="status">
        {sumUp(records, complete)}
      </Text>
    </Stack>
  );
}

/** Where each record stands after a step. */
interface Row {
  readonly record: PreviewedRecord;
  readonly value: unknown;
  readonly cut: string | null;
  readonly state: "went on" | "refused" | "dropped";
}

function RecordsTable({ records, step }: { records: readonly PreviewedRecord[]; step: string }) {
  const steps = stepsOf(records);
  const rows = records.flatMap((record) => rowAt(record, step, steps));
  const columns = columnsOf(rows);
  const shown = columns.slice(0, mostColumns);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className={classes.frame} tabIndex={0} aria-label="The first records as a table">
        <table className={classes.table} aria-label="First records">
          <thead>
            <tr>
              <th scope="col">{records.some(({ line }) => line !== null) ? "Line" : "No."}</th>
              {shown.map((column) => (
                <th key={column} scope="col" className="foreign">
                  {column === whole ? "Value" : visible(column)}
                </th>
              ))}
              {shown.length === 0 && <th scope="col">Value</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <RecordRow key={row.record.number} row={row} columns={shown} />
            ))}
          </tbody>
        </table>
      </section>
      {columns.length > shown.length && (
        <Text size="xs" className="dim">
          and {columns.length - shown.length} more columns
        </Text>
      )}
    </>
  );
}

function RecordRow({ row, columns }: { row: Row; columns: readonly string[] }) {
  const { record, value, cut, state } = row;
  const isFields = typeof value === "object" && value !== null && !Array.isArray(value);
  const faulty = new Set(state === "refused" ? record.problems.map(({ pointer }) => partsOf(pointer)[0] ?? "") : []);
  return (
    <>
      <tr className={classes[state.replace(" ", "")]}>
        <td className="number">{record.line ?? record.number}</td>
        {cut === null && isFields && !columns.includes(whole) ? (
          columns.map((column) => (
            <td key={column} className="foreign" data-faulty={faulty.has(column) || undefined}>
              {cellOf(Reflect.get(value, column))}
            </td>
          ))
        ) : (
          <td colSpan={Math.max(1, columns.length)} className="foreign">
            {cut === null ? cellOf(value) : `${visible(cut)}… (too large to be shown)`}
          </td>
        )}
      </tr>
      {state === "dropped" && (
        <tr className={classes.note}>
          <td />
          <td colSpan={Math.max(1, columns.length)}>dropped by a transformer</td>
        </tr>
      )}
      {state === "refused" && (
        <tr className={classes.fault}>
          <td />
          <td colSpan={Math.max(1, columns.length)} className="foreign">
            <ul>
              {record.problems.map(({ pointer, message, step }) => (
                <li key={pointer + message}>
                  {pointer !== "" && <code>{visible(pointer)}</code>} {visible(message)}{" "}
                  <span className="dim">({stepName(step).toLowerCase()})</span>
                </li>
              ))}
            </ul>
          </td>
        </tr>
      )}
    </>
  );
}

/** In place of a column's name where records are no objects. */
const whole = "\u0000";

/** A record that a step let pass, or the last that is known of one that it did not; none where an earlier step stopped it. */
function rowAt(record: PreviewedRecord, step: string, steps: readonly string[]): Row[] {
  const at = steps.indexOf(step);
  const passed = record.steps.filter((one) => steps.indexOf(one.step) <= at).at(-1);
  if (!passed) return [];
  const { value, cut } = passed;
  const ended = record.outcome === "dropped" ? "dropped" : "refused";
  if (record.outcome === "valid") return [{ record, value, cut, state: "went on" }];
  // One that was dropped says only how far it came.
  const last = steps.indexOf(record.steps.at(-1)?.step ?? "parse");
  const stop = record.problems[0] ? steps.indexOf(record.problems[0].step) : Math.min(last + 1, steps.length - 1);
  if (stop > at) return [{ record, value, cut, state: "went on" }];
  return stop === at ? [{ record, value, cut, state: ended }] : [];
}

/** All steps that any record has seen, in their order. */
function stepsOf(records: readonly PreviewedRecord[]): string[] {
  const found = new Set(records.flatMap(({ steps, problems }) => [...steps, ...problems].map(({ step }) => step)));
  return [...found].sort((a, b) => placeOf(a) - placeOf(b));
}

function placeOf(step: string): number {
  if (step === "parse") return -2;
  if (step === "sourceSchema") return -1;
  const [, place, schema] = /^transformers\/(\d+)(\/schema)?$/.exec(step) ?? [];
  return place === undefined ? Number.MAX_SAFE_INTEGER : 2 * Number(place) + (schema ? 1 : 0);
}

function columnsOf(rows: readonly Row[]): string[] {
  const isPlain = rows.every(({ value }) => typeof value === "object" && !Array.isArray(value));
  if (!isPlain) return [whole];
  return [...new Set(rows.flatMap(({ value }) => Object.keys(value ?? {})))];
}

function cellOf(value: unknown): string {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return visible(text.length > longestCell ? `${text.slice(0, longestCell)}…` : text);
}

function sumUp(records: readonly PreviewedRecord[], complete: boolean): string {
  const count = (outcome: PreviewedRecord["outcome"]) => records.filter((one) => one.outcome === outcome).length;
  const [refused, dropped] = [count("refused"), count("dropped")];
  const which = complete ? `All ${records.length} records` : `The first ${records.length} records`;
  const what = records.length === 0 ? "No records" : records.length === 1 && complete ? "The only record" : which;
  const notes = [...(refused > 0 ? [`${refused} refused`] : []), ...(dropped > 0 ? [`${dropped} dropped`] : [])];
  return notes.length > 0 ? `${what}: ${notes.join(", ")}.` : `${what}.`;
}

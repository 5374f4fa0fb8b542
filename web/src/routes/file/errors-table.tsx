import { Button, Group, Progress, Skeleton, Stack, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import type { BucketFile } from "../../api/buckets.ts";
import { Problem } from "../../parts/problem.tsx";
import { stepName } from "../../parts/records/steps.ts";
import { ValueTree } from "../../parts/value/value-tree.tsx";
import { visible } from "../../parts/visible.ts";
import type { RefusedRecord } from "./errors-file.ts";
import classes from "./file.module.css";
import { useRefusals } from "./use-refusals.ts";

const mostKinds = 8;
const firstRows = 100;

/** What was wrong with the records of a file: what kinds of faults there are, and each record with its own. */
export function ErrorsTable({ bucketCode, file }: { bucketCode: string; file: BucketFile }) {
  const refusals = useRefusals(bucketCode, file.filename, file.sha256);
  const [kind, setKind] = useState<string>();
  const [shown, setShown] = useState(firstRows);
  const records = useMemo(() => refusals.data?.pages.flatMap((page) => page.records) ?? [], [refusals.data]);
  const kinds = useMemo(() => countKinds(records), [records]);
  const chosen = kind === undefined ? records : records.filter((one) => kindOf(one) === kind);
  if (refusals.isPending) return <Skeleton height={260} role="status" aria-label="Loading the errors" />;
  if (!refusals.data) return <Problem error={refusals.error} onRetry={() => void refusals.refetch()} />;
  const last = refusals.data.pages.at(-1);
  const share = last && last.total > 0 ? last.next / last.total : 1;
  return (
    <Stack gap="md">
      {kinds.length > 1 && (
        <fieldset className={classes.kinds}>
          <legend className="visually-hidden">Kinds of faults</legend>
          {kinds.slice(0, mostKinds).map(({ name, count }) => (
            <Button
              key={name}
              size="compact-sm"
              variant={kind === name ? "filled" : "default"}
              aria-pressed={kind === name}
              className="foreign"
              onClick={() => setKind(kind === name ? undefined : name)}
            >
              {count.toLocaleString()} × {visible(name)}
            </Button>
          ))}
        </fieldset>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className={classes.frame} tabIndex={0} aria-label="Refused records as a table">
        <table className={classes.errors} aria-label="Refused records">
          <thead>
            <tr>
              {["Line", "Identifier", "Where", "What is wrong", "Record"].map((heading) => (
                <th key={heading} scope="col">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {chosen.slice(0, shown).map((one, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines of a file have no other name, and never move
              <ErrorRow key={place} refused={one} />
            ))}
          </tbody>
        </table>
      </section>
      <Group gap="sm">
        <Text size="sm" className="dim" role="status">
          {Math.min(shown, chosen.length).toLocaleString()} of {chosen.length.toLocaleString()} records
          {share < 1 && ` in the first ${Math.round(share * 100)} % of the file`}
        </Text>
        {chosen.length > shown && (
          <Button size="xs" variant="default" onClick={() => setShown(shown + firstRows * 4)}>
            Show more
          </Button>
        )}
        {chosen.length <= shown && refusals.hasNextPage && (
          <Button
            size="xs"
            variant="default"
            loading={refusals.isFetchingNextPage}
            onClick={() => void refusals.fetchNextPage()}
          >
            Read on
          </Button>
        )}
      </Group>
      {refusals.isFetchNextPageError && <Problem error={refusals.error} />}
      {share < 1 && <Progress value={share * 100} size="xs" aria-label="Of the file that has been read" />}
    </Stack>
  );
}

function ErrorRow({ refused }: { refused: RefusedRecord }) {
  const { line, number, identifier, pointer, step, message, record } = refused;
  const [isOpen, setOpen] = useState(false);
  const text = useMemo(() => (typeof record === "string" ? record : (JSON.stringify(record) ?? "")), [record]);
  return (
    <tr>
      <td className="number" data-label="Line">
        {line ?? (number === null ? "" : `no. ${number}`)}
      </td>
      <td className={`${classes.identifier} foreign`}>{identifier !== null && visible(cut(identifier))}</td>
      <td>
        <code className="foreign">{visible(pointer)}</code>
        {step !== "" && <div className={classes.step}>{stepName(step)}</div>}
      </td>
      <td className={`${classes.message} foreign`}>{visible(message)}</td>
      <td className={classes.record}>
        {record !== undefined && record !== null && (
          <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
            <summary className="foreign">{visible(cut(text))}</summary>
            {isOpen && <ValueTree value={record} label="The record" />}
          </details>
        )}
      </td>
    </tr>
  );
}

function kindOf({ pointer, message }: RefusedRecord): string {
  // Places in lists and the values that messages quote would make a kind of each record.
  return `${pointer.replace(/\/\d+(?=\/|$)/g, "/…")} ${message.replace(/"[^"]*"/g, "…")}`.trim().slice(0, 120);
}

function countKinds(records: readonly RefusedRecord[]): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const one of records) counts.set(kindOf(one), (counts.get(kindOf(one)) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count);
}

function cut(text: string): string {
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

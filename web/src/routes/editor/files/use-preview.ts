import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { type FilePreview, previewQuery } from "../../../api/buckets.ts";
import { ProblemError } from "../../../api/request.ts";

type Params = Readonly<Record<string, unknown>>;

/** The params that are about records, and so change what a preview shows. */
const about = ["parseOptions", "sourceSchema", "recordIdentifierField", "transformers", "targetSchema"] as const;

/** Milliseconds without a key until a preview is asked for: each is a process on the node. */
const pauseMs = 600;

/**
 * What the steps that are written make of a file's first records, anew when somebody has changed them.
 *
 * @param filename the file, or undefined where there is none
 * @param isRejects whether it is one of errors, whose records are run again
 */
export function useStepsPreview(bucketCode: string, filename: string | undefined, isRejects: boolean, params: Params) {
  const written = JSON.stringify(about.map((name) => [name, params[name]]));
  const [settled] = useDebouncedValue(written, pauseMs);
  const body = useMemo(() => {
    const given: [string, unknown][] = JSON.parse(settled);
    const file = isRejects ? { rejectsOf: filename } : { filename };
    return { ...file, ...begun(Object.fromEntries(given.filter(([, value]) => value !== null))) };
  }, [settled, filename, isRejects]);
  const preview = useQuery({
    ...previewQuery(bucketCode, body),
    enabled: bucketCode !== "" && filename !== undefined,
    placeholderData: keepPreviousData,
    // Others of the same customer's may be under way.
    retry: (failures, error) => error instanceof ProblemError && error.problem.status === 429 && failures < 3,
    retryDelay: 2_000,
  });
  const [last, setLast] = useState<FilePreview>();
  const { data, isPlaceholderData } = preview;
  useEffect(() => {
    if (data && !isPlaceholderData) setLast(data);
  }, [data, isPlaceholderData]);
  /** `last` is the last that there was: what its records show stays known while a step is half written. */
  return { ...preview, last, isSettled: settled === written && !preview.isPlaceholderData };
}

/** The steps as far as they are written: those behind a transformer that has no fields yet would see nothing. */
function begun(params: Params): Params {
  const { transformers, targetSchema: _behind, ...rest } = params;
  if (!Array.isArray(transformers)) return params;
  const first = transformers.findIndex((one: unknown) => {
    const { type, fields }: { type?: unknown; fields?: unknown } = Object(one ?? {});
    return type === "mapping" && Object.keys(Object(fields ?? {})).length === 0;
  });
  return first === -1 ? params : { ...rest, transformers: transformers.slice(0, first) };
}

/** The records as a step has left them; before the first transformer, as they were read. */
export function recordsAfter(preview: FilePreview | undefined, steps: readonly string[]): unknown[] {
  return (preview?.records ?? []).flatMap((record) => {
    const left = record.steps.filter(({ step, cut }) => steps.includes(step) && cut === null).at(-1);
    return left ? [left.value] : [];
  });
}

/** The names of the fields that records have. */
export function fieldNames(records: readonly unknown[]): string[] {
  const names = records.flatMap((one) =>
    typeof one === "object" && one !== null && !Array.isArray(one) ? Object.keys(one) : [],
  );
  return [...new Set(names)].slice(0, 500);
}

import { Skeleton, Stack } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type BucketFile, previewQuery } from "../../api/buckets.ts";
import { faultsBelow, faultsOf } from "../../parts/pointers.ts";
import { Problem } from "../../parts/problem.tsx";
import { ReadOptions } from "../../parts/records/read-options.tsx";
import { RecordsPreview } from "../../parts/records/records-preview.tsx";
import { Section } from "../../parts/section.tsx";
import classes from "./file.module.css";

/** The first records of a file, read as its name or somebody says. */
export function Preview({ bucketCode, file }: { bucketCode: string; file: BucketFile }) {
  const { filename } = file;
  const { parse } = useSearch({ from: "/shell/buckets/$bucketCode/file" });
  const navigate = useNavigate();
  const [parseOptions] = useDebouncedValue(parse, 400);
  const preview = useQuery({
    ...previewQuery(bucketCode, { filename, ...(parseOptions && { parseOptions }) }),
    placeholderData: keepPreviousData,
  });
  const faults = faultsBelow(faultsOf(preview.error), "/parseOptions");
  // A name that does not say how the file is read, and a format that wants more, are why it cannot be.
  const isUnread = faults.size > 0 || (preview.data?.records.length === 0 && preview.data.fault !== null);
  return (
    <Section title="First records">
      <Stack gap="md">
        <details key={String(isUnread)} className={classes.options} open={isUnread || parse !== undefined || undefined}>
          <summary>How it is read</summary>
          <ReadOptions
            value={parse ?? {}}
            faults={faults}
            onChange={(next) =>
              void navigate({
                to: "/buckets/$bucketCode/file",
                params: { bucketCode },
                search: { filename, parse: next },
                replace: true,
              })
            }
          />
        </details>
        {preview.isPending && <Skeleton height={280} role="status" aria-label="Reading the file" />}
        {preview.isError && faults.size === 0 && (
          <Problem error={preview.error} onRetry={() => void preview.refetch()} />
        )}
        {preview.data && !preview.isError && <RecordsPreview preview={preview.data} />}
      </Stack>
    </Section>
  );
}

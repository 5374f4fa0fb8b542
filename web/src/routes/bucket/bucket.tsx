import { Button, Group, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { bucketsQuery, filesQuery } from "../../api/buckets.ts";
import { useLive } from "../../api/live.ts";
import { DeleteFile } from "../../parts/delete-file.tsx";
import { TrashIcon } from "../../parts/icons.tsx";
import { Page } from "../../parts/page.tsx";
import { Problem } from "../../parts/problem.tsx";
import { visible } from "../../parts/visible.ts";
import classes from "./bucket.module.css";
import { DeleteByPattern } from "./delete-files.tsx";
import { ChooseFiles, DropZone } from "./drop-zone.tsx";
import { FileTable } from "./file-table.tsx";
import type { BucketSearch } from "./search.ts";
import { UploadList } from "./upload-list.tsx";
import { addUploads, useUploads } from "./uploads.ts";

const pageSize = 50;

/** `/buckets/{code}`: its files, and the way to bring others. */
export function Bucket() {
  const { bucketCode } = useParams({ from: "/shell/buckets/$bucketCode" });
  const search = useSearch({ from: "/shell/buckets/$bucketCode" });
  const navigate = useNavigate();
  const [doomed, setDoomed] = useState<string>();
  const [isDeletingMany, setDeletingMany] = useState(false);
  const uploads = useUploads(bucketCode);
  const name = useQuery(bucketsQuery()).data?.buckets.find((one) => one.bucketCode === bucketCode)?.name ?? bucketCode;
  const query = { pattern: search.pattern, cursor: search.cursor, limit: pageSize };
  const page = useQuery({ ...filesQuery(bucketCode, query), ...useLive(true), placeholderData: keepPreviousData });
  const files = page.data?.files ?? [];
  const isFirstPage = search.cursor === undefined;

  function go(next: BucketSearch): void {
    void navigate({ to: "/buckets/$bucketCode", params: { bucketCode }, search: next });
  }
  const add = (chosen: File[]): void => addUploads(bucketCode, chosen);

  return (
    <DropZone onFiles={add} onFolders={refuseFolders}>
      <Page
        title={visible(name)}
        actions={
          <>
            {files.length > 0 && (
              <Button variant="default" leftSection={<TrashIcon size={16} />} onClick={() => setDeletingMany(true)}>
                Delete by pattern…
              </Button>
            )}
            <ChooseFiles onFiles={add} />
          </>
        }
      >
        <Text size="sm" className="dim">
          <Link to="/buckets" className="link">
            All buckets
          </Link>
          {" · "}
          <code className="foreign">{bucketCode}</code>
          {" · "}drop files anywhere here; one takes the place of another that has its name
        </Text>
        {uploads.length > 0 && <UploadList bucketCode={bucketCode} uploads={uploads} />}
        {(files.length > 0 || search.pattern !== undefined) && (
          <Filter pattern={search.pattern} onChange={(pattern) => go({ pattern })} />
        )}
        {page.isError && !page.data && <Problem error={page.error} onRetry={() => void page.refetch()} />}
        {page.isPending && <Skeleton height={260} role="status" aria-label="Loading files" />}
        {page.data && files.length === 0 && <Nothing bucketCode={bucketCode} search={search} onClear={() => go({})} />}
        {files.length > 0 && (
          <div className={`panel ${page.isPlaceholderData ? classes.stale : ""}`}>
            <FileTable bucketCode={bucketCode} files={files} onDelete={setDoomed} />
          </div>
        )}
        {page.data && (!isFirstPage || page.data.nextCursor !== null) && (
          <Group justify="space-between">
            <Button variant="default" disabled={isFirstPage} onClick={() => go({ ...search, cursor: undefined })}>
              First
            </Button>
            <Text size="sm" className="dim">
              {pageSize} on a page, by name
            </Text>
            <Button
              variant="default"
              disabled={page.data.nextCursor === null}
              loading={page.isPlaceholderData}
              onClick={() => go({ ...search, cursor: page.data.nextCursor ?? undefined })}
            >
              Next
            </Button>
          </Group>
        )}
        {doomed !== undefined && (
          <DeleteFile
            bucketCode={bucketCode}
            filename={doomed}
            onDone={() => setDoomed(undefined)}
            onClose={() => setDoomed(undefined)}
          />
        )}
        {isDeletingMany && (
          <DeleteByPattern
            bucketCode={bucketCode}
            initial={search.pattern ?? ""}
            onClose={() => setDeletingMany(false)}
          />
        )}
      </Page>
    </DropZone>
  );
}

/** The pattern goes into the address a moment after the last key. */
function Filter({
  pattern,
  onChange,
}: {
  pattern: string | undefined;
  onChange: (pattern: string | undefined) => void;
}) {
  const [text, setText] = useState(pattern ?? "");
  // Not what this field itself has told, which would undo keys that were pressed since.
  const told = useRef(pattern);
  const tell = useDebouncedCallback((next: string) => {
    told.current = next === "" ? undefined : next;
    onChange(told.current);
  }, 300);
  useEffect(() => {
    if (pattern !== told.current) setText(pattern ?? "");
    told.current = pattern;
  }, [pattern]);
  return (
    <search aria-label="Filters" className={classes.filters}>
      <TextInput
        aria-label="Name"
        placeholder="Name, such as orders_*.csv"
        value={text}
        maxLength={255}
        spellCheck={false}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
          tell(currentTarget.value);
        }}
        className={classes.pattern}
      />
    </search>
  );
}

function Nothing({ bucketCode, search, onClear }: { bucketCode: string; search: BucketSearch; onClear: () => void }) {
  const isFiltered = search.pattern !== undefined || search.cursor !== undefined;
  if (isFiltered) {
    return (
      <Stack align="flex-start" gap="sm" className={`panel ${classes.empty}`}>
        <Title order={2}>No file fits</Title>
        <Text size="sm">
          The pattern is of the whole name: <code>*</code> is any text, <code>?</code> one character.
        </Text>
        <Button variant="default" size="sm" onClick={onClear}>
          Show all
        </Button>
      </Stack>
    );
  }
  return (
    <Stack align="flex-start" gap="sm" className={`panel ${classes.empty}`}>
      <Title order={2}>No files yet: bring the first</Title>
      <Text size="sm">
        Drop some here, or let a job fetch them: a definition of the type{" "}
        <Link to="/job-definitions/~new" search={{ type: "downloadFile" }} className="link">
          Download a file
        </Link>{" "}
        gets one on a schedule by HTTP or SFTP. Another of the type{" "}
        <Link to="/job-definitions/~new" search={{ type: "validateDataFiles" }} className="link">
          Validate files
        </Link>{" "}
        says which records of <code className="foreign">{bucketCode}</code> are not as they should be.
      </Text>
    </Stack>
  );
}

function refuseFolders(names: string[]): void {
  notifications.show({
    color: "red",
    title: names.length === 1 ? `${visible(names[0] ?? "")} is a folder` : `${names.length} of these are folders`,
    message: "A bucket holds files alone: open the folder and drop what is in it.",
  });
}

import { Button, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { isErrorsName } from "../../../../src/model/file-name.ts";
import { type BucketFile, downloadAddress, fileQuery } from "../../api/buckets.ts";
import { useLive } from "../../api/live.ts";
import { formatBytes } from "../../parts/bytes.ts";
import { DeleteFile } from "../../parts/delete-file.tsx";
import { DownloadIcon, TrashIcon } from "../../parts/icons.tsx";
import { Page } from "../../parts/page.tsx";
import { Problem } from "../../parts/problem.tsx";
import { RunRejects } from "../../parts/run-rejects.tsx";
import { Section } from "../../parts/section.tsx";
import { Ago, formatInstant } from "../../parts/time.tsx";
import { visible } from "../../parts/visible.ts";
import { ErrorsTable } from "./errors-table.tsx";
import classes from "./file.module.css";
import { Preview } from "./preview.tsx";

/** `/buckets/{code}/file?filename=…`: what is in a file. */
export function File() {
  const { bucketCode } = useParams({ from: "/shell/buckets/$bucketCode/file" });
  const { filename } = useSearch({ from: "/shell/buckets/$bucketCode/file" });
  const file = useQuery({ ...fileQuery(bucketCode, filename), ...useLive(true), enabled: filename !== "" });
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const back = { to: "/buckets/$bucketCode", params: { bucketCode }, search: {} } as const;
  return (
    <Page
      title={visible(filename)}
      actions={
        file.data && (
          <>
            <Button
              component="a"
              variant="default"
              href={downloadAddress(bucketCode, filename)}
              download={filename}
              leftSection={<DownloadIcon size={16} />}
            >
              Download
            </Button>
            <Button variant="subtle" color="red" leftSection={<TrashIcon size={16} />} onClick={() => setAsking(true)}>
              Delete
            </Button>
          </>
        )
      }
    >
      <Text size="sm" className="dim">
        <Link {...back} className="link foreign">
          {bucketCode}
        </Link>
      </Text>
      {file.isError && !file.data && <Problem error={file.error} onRetry={() => void file.refetch()} />}
      {file.isPending && filename !== "" && <Skeleton height={320} role="status" aria-label="Loading the file" />}
      {(file.data === null || filename === "") && (
        <Stack gap="sm">
          <Title order={2}>There is no such file</Title>
          <Text size="sm">
            It may have been moved by a job that worked on it, or deleted.{" "}
            <Link {...back} className="link">
              Look for it in the bucket
            </Link>
          </Text>
        </Stack>
      )}
      {file.data && <Content bucketCode={bucketCode} file={file.data} />}
      {isAsking && (
        <DeleteFile
          bucketCode={bucketCode}
          filename={filename}
          onDone={() => void navigate(back)}
          onClose={() => setAsking(false)}
        />
      )}
    </Page>
  );
}

function Content({ bucketCode, file }: { bucketCode: string; file: BucketFile }) {
  return (
    <>
      <dl className={classes.facts}>
        <div>
          <dt>Size</dt>
          <dd title={`${file.bytes.toLocaleString()} bytes`}>{formatBytes(file.bytes)}</dd>
        </div>
        <div>
          <dt>Stored</dt>
          <dd>
            {formatInstant(file.createdAt)}{" "}
            <span className="dim">
              (<Ago time={file.createdAt} />)
            </span>
          </dd>
        </div>
        <div>
          <dt>SHA-256</dt>
          <dd>
            <code>{file.sha256}</code>
          </dd>
        </div>
      </dl>
      {file.bytes === 0 ? (
        <Text size="sm">The file is empty.</Text>
      ) : isErrorsName(file.filename) ? (
        <Section title="Refused records" actions={<RunRejects bucketCode={bucketCode} filename={file.filename} />}>
          <ErrorsTable bucketCode={bucketCode} file={file} />
        </Section>
      ) : (
        <Preview bucketCode={bucketCode} file={file} />
      )}
    </>
  );
}

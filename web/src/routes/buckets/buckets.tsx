import { Button, Group, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type Bucket, bucketsQuery } from "../../api/buckets.ts";
import { useLive } from "../../api/live.ts";
import { PlusIcon } from "../../parts/icons.tsx";
import { Page } from "../../parts/page.tsx";
import { PlainTable } from "../../parts/plain-table.tsx";
import { Problem } from "../../parts/problem.tsx";
import { Section } from "../../parts/section.tsx";
import { Ago } from "../../parts/time.tsx";
import { visible } from "../../parts/visible.ts";
import { BucketDialog } from "./bucket-dialog.tsx";
import { DeleteBucket } from "./delete-bucket.tsx";

/** `/buckets`: where files lie. */
export function Buckets() {
  const [cursor, setCursor] = useState<string>();
  const buckets = useQuery({ ...bucketsQuery(cursor), ...useLive(true) });
  const [edited, setEdited] = useState<Bucket | "new">();
  const [doomed, setDoomed] = useState<Bucket>();
  const list = buckets.data?.buckets ?? [];
  return (
    <Page
      title="Files"
      actions={
        <Button leftSection={<PlusIcon />} onClick={() => setEdited("new")}>
          New bucket
        </Button>
      }
    >
      <Text size="sm" className="dim">
        Files lie in buckets. Jobs fetch them, check them record by record, make others of them and send them on; you
        can bring and take some yourself.
      </Text>
      {buckets.isPending && <Skeleton height={220} role="status" aria-label="Loading buckets" />}
      {buckets.isError && !buckets.data && <Problem error={buckets.error} onRetry={() => void buckets.refetch()} />}
      {buckets.data && list.length === 0 && cursor === undefined && (
        <Section title="No buckets yet">
          <Text size="sm">
            Make one called <code>incoming</code>, drop a CSV into it, and have a definition of the type{" "}
            <Link to="/job-types/$jobType" params={{ jobType: "validateDataFiles" }} className="link">
              Validate files
            </Link>{" "}
            say which of its rows are not as they should be.
          </Text>
        </Section>
      )}
      {list.length > 0 && (
        <div className="panel">
          <PlainTable label="Buckets" headings={["Bucket", "Files", "Made", "What can be done"]}>
            {list.map((bucket) => (
              <tr key={bucket.bucketCode}>
                <td>
                  <Link
                    to="/buckets/$bucketCode"
                    params={{ bucketCode: bucket.bucketCode }}
                    search={{}}
                    className="link foreign"
                  >
                    {visible(bucket.name)}
                  </Link>{" "}
                  {bucket.name !== bucket.bucketCode && <code className="dim foreign">{bucket.bucketCode}</code>}
                </td>
                <td data-label="Files" className="number">
                  {bucket.fileCount.toLocaleString()}
                  {bucket.fileCount >= 10_000 && " or more"}
                </td>
                <td data-label="Made">
                  <Ago time={bucket.createdAt} />
                </td>
                <td>
                  <Button
                    size="xs"
                    variant="subtle"
                    aria-label={`Rename ${bucket.bucketCode}`}
                    onClick={() => setEdited(bucket)}
                  >
                    Rename
                  </Button>
                  <Button
                    size="xs"
                    variant="subtle"
                    color="red"
                    aria-label={`Delete ${bucket.bucketCode}`}
                    onClick={() => setDoomed(bucket)}
                  >
                    Delete
                  </Button>
                </td>
              </tr>
            ))}
          </PlainTable>
        </div>
      )}
      {(cursor !== undefined || buckets.data?.nextCursor) && (
        <Group justify="space-between">
          <Button variant="default" disabled={cursor === undefined} onClick={() => setCursor(undefined)}>
            First
          </Button>
          <Button
            variant="default"
            disabled={!buckets.data?.nextCursor}
            onClick={() => setCursor(buckets.data?.nextCursor ?? undefined)}
          >
            Next
          </Button>
        </Group>
      )}
      {edited && <BucketDialog bucket={edited === "new" ? undefined : edited} onClose={() => setEdited(undefined)} />}
      {doomed && (
        // What is counted there is read again while the question stands.
        <DeleteBucket
          bucket={list.find(({ bucketCode }) => bucketCode === doomed.bucketCode) ?? doomed}
          onClose={() => setDoomed(undefined)}
        />
      )}
    </Page>
  );
}

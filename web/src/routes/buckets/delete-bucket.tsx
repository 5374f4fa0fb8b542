import { Checkbox, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Bucket, deleteBucket } from "../../api/buckets.ts";
import { Confirm } from "../../parts/confirm.tsx";

/** Asks before a bucket goes; one that has files goes with them alone, and says how many. */
export function DeleteBucket({ bucket, onClose }: { bucket: Bucket; onClose: () => void }) {
  const { bucketCode, fileCount } = bucket;
  const queries = useQueryClient();
  const [withFiles, setWithFiles] = useState(false);
  const removal = useMutation({
    mutationFn: () => deleteBucket(bucketCode, withFiles ? "goToo" : "mustBeNone"),
    onSuccess: onClose,
    // Also where it was refused: files may have come since it was counted.
    onSettled: () => queries.invalidateQueries({ queryKey: ["buckets"] }),
  });
  return (
    <Confirm
      title={`Delete ${bucketCode}?`}
      action={withFiles ? "Delete it and its files" : "Delete the bucket"}
      isBusy={removal.isPending}
      error={removal.error}
      onConfirm={() => removal.mutate()}
      onClose={onClose}
    >
      <Stack gap="md">
        <Text size="sm">
          Jobs whose params name it fail with BUCKET_NOT_FOUND from their next run on, and those that are working on one
          of its files now cannot finish it.
        </Text>
        {fileCount === 0 ? (
          <Text size="sm">It holds no files.</Text>
        ) : (
          <Checkbox
            label={`Also delete ${filesIn(bucket)}`}
            description="Without this the bucket stays until it is empty. Files that are deleted are gone for good."
            checked={withFiles}
            onChange={({ currentTarget }) => setWithFiles(currentTarget.checked)}
          />
        )}
      </Stack>
    </Confirm>
  );
}

function filesIn({ fileCount }: Bucket): string {
  if (fileCount === 1) return "the file in it";
  return fileCount >= 10_000 ? "all of its 10,000 files or more" : `the ${fileCount.toLocaleString()} files in it`;
}

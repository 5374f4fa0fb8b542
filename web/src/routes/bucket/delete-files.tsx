import { List, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { deleteFiles, filesQuery } from "../../api/buckets.ts";
import { Confirm } from "../../parts/confirm.tsx";
import { visible } from "../../parts/visible.ts";

const mostNamed = 5;
const mostCounted = 200;

/** Asks for a pattern, shows what it fits, and deletes that. */
export function DeleteByPattern({
  bucketCode,
  initial,
  onClose,
}: {
  bucketCode: string;
  initial: string;
  onClose: () => void;
}) {
  const queries = useQueryClient();
  const [pattern, setPattern] = useState(initial);
  const [deleted, setDeleted] = useState(0);
  const found = useQuery({
    ...filesQuery(bucketCode, { pattern, limit: mostCounted }),
    enabled: pattern !== "",
  });
  const removal = useMutation({
    mutationFn: async () => {
      setDeleted(0);
      // A thousand go at a time.
      for (let count = 1; count > 0; ) {
        count = await deleteFiles(bucketCode, pattern);
        const gone = count;
        setDeleted((before) => before + gone);
      }
    },
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: ["buckets"] }),
  });
  const files = found.data?.files ?? [];
  const count = found.data?.nextCursor ? `more than ${mostCounted}` : String(files.length);
  return (
    <Confirm
      title="Delete files"
      action={files.length === 1 ? "Delete 1 file" : `Delete ${count} files`}
      isBusy={removal.isPending}
      isImpossible={pattern === "" || files.length === 0}
      error={removal.error ?? found.error}
      onConfirm={() => removal.mutate()}
      onClose={onClose}
    >
      <Stack gap="md">
        <TextInput
          label="Files whose name fits"
          description="* is any text, ? one character."
          value={pattern}
          maxLength={255}
          spellCheck={false}
          onChange={({ currentTarget }) => setPattern(currentTarget.value)}
        />
        <div role="status">
          {removal.isPending && deleted > 0 && <Text size="sm">{deleted.toLocaleString()} deleted so far</Text>}
          {pattern !== "" && found.data && files.length === 0 && <Text size="sm">No file fits.</Text>}
          {files.length > 0 && (
            <>
              <Text size="sm">These are gone for good:</Text>
              <List size="sm">
                {files.slice(0, mostNamed).map(({ filename }) => (
                  <List.Item key={filename} className="foreign">
                    {visible(filename)}
                  </List.Item>
                ))}
                {files.length > mostNamed && (
                  <List.Item>
                    and {found.data?.nextCursor ? `more than ${mostCounted - mostNamed}` : files.length - mostNamed}{" "}
                    others
                  </List.Item>
                )}
              </List>
            </>
          )}
        </div>
      </Stack>
    </Confirm>
  );
}

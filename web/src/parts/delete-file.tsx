import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteFile } from "../api/buckets.ts";
import { Confirm } from "./confirm.tsx";
import { visible } from "./visible.ts";

/** Asks before one file goes. */
export function DeleteFile({
  bucketCode,
  filename,
  onDone,
  onClose,
}: {
  bucketCode: string;
  filename: string;
  onDone: () => void;
  onClose: () => void;
}) {
  const queries = useQueryClient();
  const removal = useMutation({
    mutationFn: () => deleteFile(bucketCode, filename),
    onSuccess: async () => {
      onDone();
      await queries.invalidateQueries({ queryKey: ["buckets"] });
    },
  });
  return (
    <Confirm
      title="Delete this file?"
      action="Delete the file"
      isBusy={removal.isPending}
      error={removal.error}
      onConfirm={() => removal.mutate()}
      onClose={onClose}
    >
      <strong className="foreign">{visible(filename)}</strong> is gone for good. A job that is reading it now reads it
      to its end.
    </Confirm>
  );
}

import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type Bucket, putBucket } from "../../api/buckets.ts";
import { faultsOf } from "../../parts/pointers.ts";
import { Problem } from "../../parts/problem.tsx";

/** Makes a bucket, or gives one another name. */
export function BucketDialog({ bucket, onClose }: { bucket: Bucket | undefined; onClose: () => void }) {
  const queries = useQueryClient();
  const [code, setCode] = useState(bucket?.bucketCode ?? "");
  const [name, setName] = useState(bucket?.name ?? "");
  const saving = useMutation({
    mutationFn: () => putBucket(code.trim(), name.trim()),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["buckets"] });
      onClose();
    },
  });
  const faults = faultsOf(saving.error);

  function submit(event: FormEvent): void {
    event.preventDefault();
    saving.mutate();
  }

  return (
    <Modal opened onClose={onClose} title={bucket ? `Rename ${bucket.bucketCode}` : "New bucket"}>
      <form onSubmit={submit} autoComplete="off">
        <Stack gap="md">
          {!bucket && (
            <TextInput
              label="Code"
              description="By which jobs call it: letters, digits, dots, dashes and underscores."
              value={code}
              error={faults.get("/bucketCode")}
              onChange={({ currentTarget }) => setCode(currentTarget.value)}
              required
              maxLength={128}
              spellCheck={false}
              data-autofocus
            />
          )}
          <TextInput
            label="Name"
            description={bucket ? undefined : "What people see; the code unless given."}
            value={name}
            error={faults.get("/dataBucketEntry/name")}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            required={bucket !== undefined}
            maxLength={200}
            data-autofocus={bucket ? true : undefined}
          />
          {saving.error && <Problem error={saving.error} title={bucket ? "It was not renamed" : "It was not made"} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={saving.isPending}>
              {bucket ? "Rename" : "Make the bucket"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { backfillJobDefinition, type JobDefinition, readDefinitionsAgain } from "../../api/job-definitions.ts";
import { toInstant, toLocal } from "../../parts/local-time.ts";
import { Problem } from "../../parts/problem.tsx";
import { viewerZone } from "../../parts/zone.tsx";

const day = 86_400_000;

/** Makes the jobs of a past time in which there were none. */
export function BackfillDialog({ definition, onClose }: { definition: JobDefinition; onClose: () => void }) {
  const { jobDefinitionCode: code, schedule } = definition;
  const queries = useQueryClient();
  const [from, setFrom] = useState(() => toLocal(new Date(Date.now() - day).toISOString()));
  const [to, setTo] = useState(() => toLocal(new Date().toISOString()));
  const range = { from: toInstant(from), to: toInstant(to) };
  const backfill = useMutation({
    mutationFn: ({ from: start, to: end }: { from: string; to: string }) =>
      backfillJobDefinition(code, { from: start, to: end }),
    onSuccess: (jobIds) => {
      void readDefinitionsAgain(queries);
      void queries.invalidateQueries({ queryKey: ["jobs", "list"] });
      notifications.show({ message: madeWords(jobIds.length) });
      onClose();
    },
  });

  return (
    <Modal opened onClose={onClose} title="Run a past range" centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (range.from && range.to) backfill.mutate({ from: range.from, to: range.to });
        }}
      >
        <Stack gap="md">
          <Text size="sm">
            One job for each occurrence of the range by the schedule as it is now, 1,000 at most. What was run for a
            range before is not run again.
            {schedule?.overlap === "allow" ? "" : " They start one after another."}
          </Text>
          <Text size="xs" className="dim">
            Times are in your zone, {viewerZone}.
          </Text>
          <TextInput
            type="datetime-local"
            label="From"
            required
            value={from}
            onChange={({ currentTarget }) => setFrom(currentTarget.value)}
          />
          <TextInput
            type="datetime-local"
            label="Up to, exclusive"
            required
            value={to}
            onChange={({ currentTarget }) => setTo(currentTarget.value)}
          />
          {backfill.isError && <Problem error={backfill.error} title="Nothing was run" />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={backfill.isPending} disabled={!range.from || !range.to}>
              Run them
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function madeWords(count: number): string {
  if (count === 0) return "No occurrence lies in that range.";
  return count === 1 ? "1 occurrence has its job." : `${count} occurrences have their job.`;
}

import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { jobDefinitionQuery, pauseJobDefinition, readDefinitionsAgain } from "../../api/job-definitions.ts";
import { Problem } from "../../parts/problem.tsx";

/** Asks why a schedule is to stop, for whoever finds it stopped. */
export function PauseDialog({ code, onClose }: { code: string; onClose: () => void }) {
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const pause = useMutation({
    mutationFn: () => pauseJobDefinition(code, reason.trim() || null),
    onSuccess: (paused) => {
      queries.setQueryData(jobDefinitionQuery(code).queryKey, paused);
      void readDefinitionsAgain(queries);
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title="Pause the schedule?" centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          pause.mutate();
        }}
      >
        <Stack gap="md">
          <Text size="sm">
            It stops on every node at once, until somebody resumes it. Each occurrence meanwhile stands in the ledger as
            skipped; none is made up for, unless you run the range afterwards.
          </Text>
          <TextInput
            label="Reason"
            description="Shown to everybody who looks at it."
            value={reason}
            maxLength={1000}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
            data-autofocus
          />
          {pause.isError && <Problem error={pause.error} title="It was not paused" />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Let it run
            </Button>
            <Button type="submit" loading={pause.isPending}>
              Pause it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

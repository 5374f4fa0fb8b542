import { Button, Group, List, Modal, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { deleteJobDefinition, type JobDefinition, readDefinitionsAgain } from "../../api/job-definitions.ts";
import { Problem } from "../../parts/problem.tsx";

/** Says what a deletion means, and asks. */
export function DeleteDialog({ definition, onClose }: { definition: JobDefinition; onClose: () => void }) {
  const { jobDefinitionCode: code, name, schedule } = definition;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => deleteJobDefinition(code),
    onSuccess: async () => {
      await navigate({ to: "/job-definitions" });
      queries.removeQueries({ queryKey: ["job-definitions", "one", code] });
      void readDefinitionsAgain(queries);
    },
  });
  return (
    <Modal opened onClose={onClose} title={<span className="foreign">Delete {name}?</span>} centered>
      <Stack gap="md">
        <List size="sm" spacing="xs">
          <List.Item>Programs that run it by its code get the answer that there is none.</List.Item>
          {schedule && <List.Item>Its schedule stops, and what came of its occurrences is no longer shown.</List.Item>}
          <List.Item>Its jobs run on to their end and stay readable, with params and results.</List.Item>
          <List.Item>Its versions go with it, and the code is free for another. This cannot be undone.</List.Item>
        </List>
        {remove.isError && <Problem error={remove.error} title="It was not deleted" />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
            Delete it
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

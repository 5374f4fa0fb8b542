import { Button, Group, Menu, Modal, Text } from "@mantine/core";
import { useClipboard, useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { cancelJob, type Job, jobQuery, rerunJob } from "../../api/jobs.ts";
import { sessionQuery } from "../../api/session.ts";
import { CopyIcon, EditIcon, RerunIcon, StopIcon } from "../../parts/icons.tsx";
import { ParamsDialog } from "../../parts/params-dialog.tsx";
import { Problem } from "../../parts/problem.tsx";
import { asCurl } from "./as-curl.ts";

/** What can be done with a job: the likely thing as a button, the others in a menu. */
export function JobActions({ job }: { job: Job }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const clipboard = useClipboard();
  const session = queries.getQueryData(sessionQuery.queryKey);
  const [isEditing, editing] = useDisclosure(false);
  const [isAsking, asking] = useDisclosure(false);
  const isOver = job.status !== "STARTED";

  const rerun = useMutation({
    mutationFn: (params?: Record<string, unknown>) => rerunJob(job.jobId, params),
    onSuccess: ({ jobId }) => {
      editing.close();
      void queries.invalidateQueries({ queryKey: ["jobs", "list"] });
      void navigate({ to: "/jobs/$jobId", params: { jobId } });
    },
  });
  const cancel = useMutation({
    mutationFn: () => cancelJob(job.jobId),
    onSuccess: (cancelled) => {
      asking.close();
      queries.setQueryData(jobQuery(job.jobId).queryKey, cancelled);
    },
  });

  function copyCall(): void {
    clipboard.copy(asCurl(job, session?.customerCode ?? ""));
    notifications.show({ message: "The call is on the clipboard; it takes the key from PUNCTUAL_API_KEY." });
  }

  return (
    <Group gap="sm">
      {isOver ? (
        <Button
          leftSection={<RerunIcon />}
          loading={rerun.isPending && !isEditing}
          onClick={() => rerun.mutate(undefined)}
        >
          Rerun
        </Button>
      ) : (
        <Button variant="outline" color="red" leftSection={<StopIcon />} onClick={asking.open}>
          Cancel
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default">More</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {isOver && (
            <Menu.Item leftSection={<EditIcon size={16} />} onClick={editing.open}>
              Rerun with other params…
            </Menu.Item>
          )}
          <Menu.Item leftSection={<CopyIcon size={16} />} onClick={copyCall}>
            Copy as curl
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {rerun.isError && !isEditing && <Problem error={rerun.error} title="It was not run again" />}
      {isEditing && (
        <ParamsDialog
          title="Rerun with other params"
          explanation="The new job takes type and options of this one. Fields that you take out keep the value they had."
          params={job.params}
          error={rerun.error}
          isBusy={rerun.isPending}
          onSubmit={(params) => rerun.mutate(params)}
          onClose={editing.close}
        />
      )}
      <Modal opened={isAsking} onClose={asking.close} title="Cancel this job?" centered>
        <Text size="sm">
          {job.phase === "RUNNING"
            ? "It is told to stop and ends within ten seconds. "
            : "It has not started, and ends at once. "}
          It counts as failed, with the code CANCELLED, and can be run again.
        </Text>
        {cancel.isError && <Problem error={cancel.error} />}
        <Group justify="flex-end" mt="md" gap="sm">
          <Button variant="default" onClick={asking.close}>
            Keep it
          </Button>
          <Button color="red" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            Cancel the job
          </Button>
        </Group>
      </Modal>
    </Group>
  );
}

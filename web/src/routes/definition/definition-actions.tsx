import { Button, Group, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import {
  executeJobDefinition,
  type JobDefinition,
  jobDefinitionQuery,
  readDefinitionsAgain,
  resumeJobDefinition,
} from "../../api/job-definitions.ts";
import { MenuItemLink } from "../../parts/button-link.tsx";
import { CopyIcon, EditIcon, HistoryIcon, PauseIcon, PlayIcon, RerunIcon, TrashIcon } from "../../parts/icons.tsx";
import { ParamsDialog } from "../../parts/params-dialog.tsx";
import { Problem } from "../../parts/problem.tsx";
import { BackfillDialog } from "./backfill-dialog.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { PauseDialog } from "./pause-dialog.tsx";

/** What can be done with a definition. */
export function DefinitionActions({ definition }: { definition: JobDefinition }) {
  const { jobDefinitionCode: code, schedule, paused, params } = definition;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<"params" | "pause" | "backfill" | "delete">();
  const close = (): void => setDialog(undefined);

  const run = useMutation({
    mutationFn: (given?: Record<string, unknown>) => executeJobDefinition(code, given),
    onSuccess: ({ jobId }) => {
      close();
      void queries.invalidateQueries({ queryKey: ["jobs", "list"] });
      void navigate({ to: "/jobs/$jobId", params: { jobId } });
    },
  });
  const resume = useMutation({
    mutationFn: () => resumeJobDefinition(code),
    onSuccess: (resumed) => {
      queries.setQueryData(jobDefinitionQuery(code).queryKey, resumed);
      void readDefinitionsAgain(queries);
      notifications.show({ message: "The schedule goes on with its next occurrence." });
    },
  });
  const error = dialog === undefined ? (run.error ?? resume.error) : null;

  return (
    <Group gap="sm">
      <Button
        leftSection={<PlayIcon />}
        loading={run.isPending && dialog === undefined}
        onClick={() => run.mutate(undefined)}
      >
        Run now
      </Button>
      {schedule &&
        (paused ? (
          <Button
            variant="default"
            leftSection={<RerunIcon />}
            loading={resume.isPending}
            onClick={() => resume.mutate()}
          >
            Resume
          </Button>
        ) : (
          <Button variant="default" leftSection={<PauseIcon />} onClick={() => setDialog("pause")}>
            Pause
          </Button>
        ))}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default">More</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <MenuItemLink to="/job-definitions/$code/edit" params={{ code }} leftSection={<EditIcon size={16} />}>
            Edit
          </MenuItemLink>
          <MenuItemLink to="/job-definitions/~new" search={{ from: code }} leftSection={<CopyIcon size={16} />}>
            Duplicate
          </MenuItemLink>
          <MenuItemLink to="/job-definitions/$code/versions" params={{ code }} leftSection={<HistoryIcon size={16} />}>
            Versions
          </MenuItemLink>
          <Menu.Divider />
          <Menu.Item leftSection={<PlayIcon size={16} />} onClick={() => setDialog("params")}>
            Run with other params…
          </Menu.Item>
          {schedule && (
            <Menu.Item leftSection={<RerunIcon size={16} />} onClick={() => setDialog("backfill")}>
              Run a past range…
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<TrashIcon size={16} />} onClick={() => setDialog("delete")}>
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {error && <Problem error={error} title="That was not done" />}
      {dialog === "params" && (
        <ParamsDialog
          title="Run with other params"
          explanation="For this one job: the definition stays as it is. Fields that you take out keep the definition's value."
          params={params}
          error={run.error}
          isBusy={run.isPending}
          onSubmit={(given) => run.mutate(given)}
          onClose={close}
        />
      )}
      {dialog === "pause" && <PauseDialog code={code} onClose={close} />}
      {dialog === "backfill" && <BackfillDialog definition={definition} onClose={close} />}
      {dialog === "delete" && <DeleteDialog definition={definition} onClose={close} />}
    </Group>
  );
}

import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { DefinitionVersion } from "../../api/definition-versions.ts";
import { type JobDefinition, readDefinitionsAgain, replaceJobDefinition } from "../../api/job-definitions.ts";
import { Confirm } from "../../parts/confirm.tsx";
import { RerunIcon } from "../../parts/icons.tsx";

/** Saves what the definition said in a former version. */
export function Restore({ definition, version }: { definition: JobDefinition; version: DefinitionVersion }) {
  const { jobDefinitionCode: code } = definition;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [isAsking, asking] = useDisclosure(false);
  const restore = useMutation({
    mutationFn: () => replaceJobDefinition(code, definition.version, version.jobDefinition),
    onSuccess: async () => {
      await readDefinitionsAgain(queries);
      notifications.show({ message: `The definition says again what it said in version ${version.version}.` });
      await navigate({ to: "/job-definitions/$code", params: { code } });
    },
  });
  return (
    <>
      <Button variant="default" leftSection={<RerunIcon />} onClick={asking.open}>
        Go back to version {version.version}
      </Button>
      {isAsking && (
        <Confirm
          title={`Go back to version ${version.version}?`}
          action="Go back"
          isBusy={restore.isPending}
          error={restore.error}
          onConfirm={() => restore.mutate()}
          onClose={asking.close}
        >
          <Text size="sm">
            Name, description, type, params, options and schedule become those of version {version.version}, as version{" "}
            {definition.version + 1}. What it says now stays among the versions. Jobs that are made already keep their
            params{definition.paused ? ", and its schedule stays paused" : ""}.
          </Text>
        </Confirm>
      )}
    </>
  );
}

import { Button, Grid, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import {
  changeJobDefinition,
  createJobDefinition,
  type JobDefinition,
  readDefinitionsAgain,
} from "../../api/job-definitions.ts";
import { jobTypesQuery } from "../../api/job-types.ts";
import { ButtonLink } from "../../parts/button-link.tsx";
import { faultsBelow, faultsOf } from "../../parts/pointers.ts";
import { Problem } from "../../parts/problem.tsx";
import { Section } from "../../parts/section.tsx";
import { codeFor, type Draft, toChange, toDefinition } from "./draft.ts";
import classes from "./editor-form.module.css";
import { OptionsEditor } from "./options-editor.tsx";
import { ParamsEditor } from "./params-editor.tsx";
import { ScheduleEditor } from "./schedule/schedule-editor.tsx";
import { TestRun } from "./test-run.tsx";

/**
 * All of a definition.
 *
 * @param before the stored one, where it is one that exists
 */
export function EditorForm({ initial, before }: { initial: Draft; before?: JobDefinition }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [draft, setDraft] = useState(initial);
  const [isCodeOwn, setCodeOwn] = useState(initial.code !== "");
  const [testError, setTestError] = useState<Error | null>(null);
  const types = useQuery(jobTypesQuery);
  const type = types.data?.find(({ jobTypeCode }) => jobTypeCode === draft.jobType);

  const save = useMutation({
    mutationFn: () =>
      before
        ? changeJobDefinition(before.jobDefinitionCode, before.version, toChange(draft, before))
        : createJobDefinition(toDefinition(draft)),
    onSuccess: async ({ jobDefinitionCode: code }) => {
      await readDefinitionsAgain(queries);
      notifications.show({ message: before ? "The definition is changed." : "The definition is made." });
      await navigate({ to: "/job-definitions/$code", params: { code } });
    },
  });
  const faults = new Map([...faultsOf(testError), ...faultsOf(save.error, "/jobDefinition")]);

  function set(change: Partial<Draft>): void {
    setDraft((known) => ({ ...known, ...change }));
  }

  return (
    <Stack gap="md">
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Stack gap="md">
            <Section title="What it is">
              <Stack gap="md">
                <Text size="sm">
                  <strong>{type?.name ?? draft.jobType}</strong>{" "}
                  <span className="dim">
                    {type?.description ?? "This node does not know the type."}
                    {!before && (
                      <>
                        {" "}
                        <Link to="/job-definitions/~new" search={{}} className="link">
                          Choose another type
                        </Link>
                      </>
                    )}
                  </span>
                </Text>
                <TextInput
                  label="Name"
                  value={draft.name}
                  error={faults.get("/name")}
                  onChange={({ currentTarget: { value: name } }) =>
                    set({ name, ...(!isCodeOwn && { code: codeFor(name) }) })
                  }
                  data-autofocus
                />
                {!before && (
                  <TextInput
                    label="Code"
                    description="What programs call it by; it cannot be changed later."
                    required
                    value={draft.code}
                    error={faults.get("/jobDefinitionCode")}
                    onChange={({ currentTarget }) => {
                      setCodeOwn(true);
                      set({ code: currentTarget.value });
                    }}
                  />
                )}
                <Textarea
                  label="Description"
                  description="What it is for, and whom to ask."
                  autosize
                  minRows={1}
                  maxRows={8}
                  value={draft.description}
                  error={faults.get("/description")}
                  onChange={({ currentTarget }) => set({ description: currentTarget.value })}
                />
              </Stack>
            </Section>
            <ParamsEditor
              type={type}
              params={draft.params}
              faults={faultsBelow(faults, "/params")}
              onChange={(params) => set({ params })}
            />
            <OptionsEditor
              options={draft.options}
              faults={faultsBelow(faults, "/options")}
              defaultTimeoutSeconds={type?.defaults.timeoutSeconds}
              onChange={(options) => set({ options })}
            />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <ScheduleEditor
            schedule={draft.schedule}
            code={before?.jobDefinitionCode}
            hasStored={Boolean(before?.schedule)}
            faults={faultsBelow(faults, "/schedule")}
            onChange={(schedule) => set({ schedule })}
          />
        </Grid.Col>
      </Grid>
      <div className={`panel ${classes.bar}`}>
        {save.isError && <Problem error={save.error} title={before ? "It was not changed" : "It was not made"} />}
        <Group gap="sm">
          <Button loading={save.isPending} onClick={() => save.mutate()}>
            {before ? "Save" : "Make the definition"}
          </Button>
          <TestRun draft={draft} onFault={setTestError} />
          {before && (
            <ButtonLink variant="subtle" to="/job-definitions/$code" params={{ code: before.jobDefinitionCode }}>
              Leave it as it was
            </ButtonLink>
          )}
        </Group>
      </div>
    </Stack>
  );
}

import { Button, Group, SegmentedControl, Stack, Text, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { jobDefinitionsQuery } from "../../api/job-definitions.ts";
import { useLive } from "../../api/live.ts";
import { ButtonLink } from "../../parts/button-link.tsx";
import { PlusIcon } from "../../parts/icons.tsx";
import { Page } from "../../parts/page.tsx";
import { Problem } from "../../parts/problem.tsx";
import { DefinitionTable, DefinitionTableSkeleton } from "./definition-table.tsx";
import classes from "./definitions.module.css";
import { type DefinitionsSearch, definitionStates, filterDefinitions } from "./search.ts";

const stateNames = [
  { value: "all", label: "All" },
  { value: "active", label: "Active" },
  { value: "paused", label: "Paused" },
  { value: "unscheduled", label: "No schedule" },
  { value: "troubled", label: "Troubled" },
];

/** `/job-definitions`: what is prepared, when it runs next and how it went. */
export function Definitions() {
  const search = useSearch({ from: "/shell/job-definitions" });
  const navigate = useNavigate();
  const definitions = useQuery({ ...jobDefinitionsQuery, ...useLive(true) });
  const all = definitions.data ?? [];
  const shown = filterDefinitions(all, search);

  function go(next: DefinitionsSearch): void {
    void navigate({ to: "/job-definitions", search: next, replace: true });
  }

  return (
    <Page
      title="Definitions"
      actions={
        <ButtonLink to="/job-definitions/~new" leftSection={<PlusIcon />}>
          New definition
        </ButtonLink>
      }
    >
      <search aria-label="Filters" className={classes.filters}>
        <TextInput
          aria-label="Search"
          placeholder="Name, code or type"
          value={search.q ?? ""}
          onChange={({ currentTarget }) => go({ ...search, q: currentTarget.value || undefined })}
          className={classes.query}
        />
        <div className={classes.states}>
          <SegmentedControl
            aria-label="State"
            data={stateNames}
            value={search.state ?? "all"}
            onChange={(value) => go({ ...search, state: definitionStates.find((one) => one === value) })}
          />
        </div>
      </search>
      {definitions.isError && !definitions.data && (
        <Problem error={definitions.error} onRetry={() => void definitions.refetch()} />
      )}
      {definitions.isPending && <DefinitionTableSkeleton />}
      {definitions.data && all.length === 0 && <NoDefinitions />}
      {all.length > 0 && shown.length === 0 && (
        <Stack align="flex-start" gap="sm" className={`panel ${classes.empty}`}>
          <Title order={2}>No definition fits these filters</Title>
          <Button variant="default" size="sm" onClick={() => go({})}>
            Clear the filters
          </Button>
        </Stack>
      )}
      {shown.length > 0 && <DefinitionTable definitions={shown} />}
      {shown.length > 0 && (
        <Text size="sm" className="dim">
          {shown.length === all.length ? `${all.length} in all` : `${shown.length} of ${all.length}`}
        </Text>
      )}
    </Page>
  );
}

function NoDefinitions() {
  return (
    <Stack gap="sm" className={`panel ${classes.empty}`}>
      <Title order={2}>No definitions yet: prepare the first job</Title>
      <Text size="sm">
        A definition is a job under a name of its own: its type, its params, how often it is tried again, and when it
        runs. Here you will see when each fires next and what came of the last times.
      </Text>
      <Group>
        <ButtonLink to="/job-definitions/~new" leftSection={<PlusIcon />}>
          Make the first
        </ButtonLink>
      </Group>
    </Stack>
  );
}

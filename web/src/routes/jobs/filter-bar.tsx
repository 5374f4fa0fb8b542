import { Autocomplete, Button, Group, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { triggerKinds } from "../../../../src/model/job.ts";
import { jobPhases } from "../../../../src/model/job-state.ts";
import { jobDefinitionsQuery } from "../../api/job-definitions.ts";
import { jobTypesQuery } from "../../api/job-types.ts";
import { FilterIcon } from "../../parts/icons.tsx";
import { toInstant, toLocal } from "../../parts/local-time.ts";
import { triggerNames } from "../../parts/trigger.ts";
import classes from "./filter-bar.module.css";
import { countFilters, type JobsSearch, periods } from "./search.ts";

/** The states that a person asks for, each as a status or a phase of the API. */
const states: readonly { value: string; label: string; search: Pick<JobsSearch, "status" | "phase"> }[] = [
  { value: "all", label: "All", search: {} },
  { value: "STARTED", label: "Unfinished", search: { status: "STARTED" } },
  { value: "RUNNING", label: "Running", search: { phase: "RUNNING" } },
  { value: "FAILED", label: "Failed", search: { status: "FAILED" } },
  { value: "COMPLETED", label: "Completed", search: { status: "COMPLETED" } },
];

const phases = [
  { value: "SCHEDULED", label: "Scheduled" },
  { value: "QUEUED", label: "Queued" },
  { value: "WAITING", label: "Waiting" },
  { value: "RETRYING", label: "Retrying" },
];

const sinceOptions = [
  { value: "1h", label: "Last hour" },
  { value: "24h", label: "Last 24 hours" },
  { value: "7d", label: "Last 7 days" },
  { value: "own", label: "Between…" },
];

/** Filters above the list; every change goes into the address. */
export function FilterBar({ search, onChange }: { search: JobsSearch; onChange: (search: JobsSearch) => void }) {
  const [isOpen, { toggle }] = useDisclosure(false);
  const types = useQuery(jobTypesQuery);
  const definitions = useQuery(jobDefinitionsQuery);
  const [definition, setDefinition] = useState(search.definition ?? "");
  useEffect(() => setDefinition(search.definition ?? ""), [search.definition]);
  const count = countFilters(search);
  const hasOwnPeriod = search.after !== undefined || search.before !== undefined;

  function set(change: Partial<JobsSearch>): void {
    onChange({ ...search, ...change, cursor: undefined });
  }

  function setPeriod(value: string | null): void {
    const since = value === "1h" || value === "24h" || value === "7d" ? value : undefined;
    // Times of one's own begin with the last day, so that the fields say what is shown.
    const after = value === "own" ? new Date(Date.now() - periods["24h"]).toISOString() : undefined;
    set({ since, after, before: undefined });
  }

  const state =
    states.find(({ value }) => value === (search.phase ?? search.status))?.value ?? (search.phase ? "" : "all");
  return (
    <search aria-label="Filters" className={classes.bar}>
      <Group gap="sm" className={classes.first}>
        <SegmentedControl
          size="sm"
          aria-label="State"
          className={classes.states}
          data={states.map(({ value, label }) => ({ value, label }))}
          value={state}
          onChange={(value) => {
            const chosen = states.find((one) => one.value === value);
            set({ status: undefined, phase: undefined, ...chosen?.search });
          }}
        />
        <Button
          variant="default"
          size="sm"
          hiddenFrom="md"
          leftSection={<FilterIcon size={16} />}
          onClick={toggle}
          aria-expanded={isOpen}
        >
          Filters{count > 0 ? ` (${count})` : ""}
        </Button>
      </Group>
      <div className={classes.fields} data-open={isOpen || undefined}>
        <Select
          aria-label="Waiting state"
          placeholder="Any phase"
          data={phases}
          value={phases.some(({ value }) => value === search.phase) ? (search.phase ?? null) : null}
          onChange={(value) => set({ status: undefined, phase: jobPhases.find((one) => one === value) })}
          clearable
        />
        <Select
          aria-label="Job type"
          placeholder="Any type"
          data={(types.data ?? []).map(({ jobTypeCode, name }) => ({ value: jobTypeCode, label: name }))}
          value={search.type ?? null}
          onChange={(value) => set({ type: value ?? undefined })}
          clearable
          searchable
        />
        <Autocomplete
          aria-label="Definition"
          placeholder="Any definition"
          data={(definitions.data ?? []).map(({ jobDefinitionCode }) => jobDefinitionCode)}
          limit={20}
          value={definition}
          onChange={setDefinition}
          onOptionSubmit={(value) => set({ definition: value })}
          onBlur={() => set({ definition: definition.trim() || undefined })}
          onKeyDown={({ key }) => key === "Enter" && set({ definition: definition.trim() || undefined })}
          clearable
          onClear={() => set({ definition: undefined })}
        />
        <Select
          aria-label="Trigger"
          placeholder="Any trigger"
          data={triggerKinds.map((kind) => ({ value: kind, label: triggerNames[kind] }))}
          value={search.trigger ?? null}
          onChange={(value) => set({ trigger: triggerKinds.find((one) => one === value) })}
          clearable
        />
        <Select
          aria-label="Created"
          placeholder="Any time"
          data={sinceOptions}
          value={search.since ?? (hasOwnPeriod ? "own" : null)}
          onChange={(value) => setPeriod(value)}
          clearable
        />
        {hasOwnPeriod && (
          <>
            <TimeField label="Created after" value={search.after} onChange={(after) => set({ after })} />
            <TimeField label="Created before" value={search.before} onChange={(before) => set({ before })} />
          </>
        )}
        {count > 0 && (
          <Button variant="subtle" size="sm" onClick={() => onChange({})}>
            Clear
          </Button>
        )}
      </div>
    </search>
  );
}

/** A time in the viewer's zone; the browser's own field, which every phone knows how to show. */
function TimeField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  return (
    <TextInput
      type="datetime-local"
      aria-label={label}
      value={value === undefined ? "" : toLocal(value)}
      onChange={({ currentTarget }) => onChange(toInstant(currentTarget.value))}
    />
  );
}

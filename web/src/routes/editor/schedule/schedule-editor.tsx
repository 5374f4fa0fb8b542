import { Button, Group, NumberInput, Select, SimpleGrid, Stack, Switch, Text, TextInput } from "@mantine/core";
import { catchUpRules, overlapRules } from "../../../../../src/model/schedule.ts";
import type { GivenSchedule } from "../../../api/job-definitions.ts";
import { toInstant, toLocal } from "../../../parts/local-time.ts";
import type { Faults } from "../../../parts/pointers.ts";
import { Section } from "../../../parts/section.tsx";
import { viewerZone } from "../../../parts/zone.tsx";
import { presets } from "./presets.ts";
import classes from "./schedule-editor.module.css";
import { useCheckedSchedule } from "./use-checked-schedule.ts";
import { WhatItMeans } from "./what-it-means.tsx";

interface ScheduleEditorProps {
  readonly schedule: GivenSchedule | null;
  /** The definition that has it, where there is one. */
  readonly code: string | undefined;
  /** Whether that definition has a schedule now, with which this one is compared. */
  readonly hasStored: boolean;
  readonly faults: Faults;
  onChange(schedule: GivenSchedule | null): void;
}

const zones = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

const overlapNames = {
  allow: "Run beside it",
  skip: "Skip this time",
  queueOne: "Wait for it, one at most",
  cancelRunning: "Cancel it and run",
} as const;

const catchUpNames = { latest: "The latest", all: "All of them", none: "None" } as const;

/** When it runs: presets or cron, and at once what that means. */
export function ScheduleEditor({ schedule, code, hasStored, faults, onChange }: ScheduleEditorProps) {
  const checked = useCheckedSchedule(schedule, code);
  const fault = (pointer: string): string | undefined => faults.get(pointer) ?? checked.faults.get(pointer);

  function set(change: Partial<GivenSchedule>): void {
    if (schedule) onChange({ ...schedule, ...change });
  }

  return (
    <Stack gap="md">
      <Section title="Schedule">
        <Stack gap="md">
          <Switch
            label="Runs on a schedule"
            checked={schedule !== null}
            onChange={({ currentTarget }) =>
              onChange(currentTarget.checked ? { cron: "0 6 * * *", timeZone: viewerZone } : null)
            }
          />
          {schedule && (
            <>
              <Group gap="xs" role="group" aria-label="Common schedules">
                {presets.map(({ label, cron }) => (
                  <Button
                    key={cron}
                    size="compact-xs"
                    variant={cron === schedule.cron ? "light" : "default"}
                    aria-pressed={cron === schedule.cron}
                    onClick={() => set({ cron })}
                  >
                    {label}
                  </Button>
                ))}
              </Group>
              <TextInput
                label="Cron"
                description="Five fields are Unix cron: minute, hour, day, month, weekday. Six or seven are Quartz: seconds first, year last."
                required
                spellCheck={false}
                value={schedule.cron}
                error={fault("/cron")}
                onChange={({ currentTarget }) => set({ cron: currentTarget.value })}
                classNames={{ input: classes.cron }}
              />
              <Select
                label="Time zone"
                data={zones}
                searchable
                limit={50}
                allowDeselect={false}
                value={schedule.timeZone ?? "UTC"}
                error={fault("/timeZone")}
                onChange={(timeZone) => timeZone !== null && set({ timeZone })}
              />
              <details open={[...faults.keys()].some((path) => path !== "/cron" && path !== "/timeZone") || undefined}>
                <summary className={classes.more}>Overlap, outages, jitter, begin and end</summary>
                <Stack gap="md" mt="md">
                  <Select
                    label="If the one before still runs"
                    data={overlapRules.map((value) => ({ value, label: overlapNames[value] }))}
                    allowDeselect={false}
                    value={schedule.overlap ?? "allow"}
                    onChange={(value) => set({ overlap: overlapRules.find((one) => one === value) })}
                  />
                  <Select
                    label="After an outage, make up for"
                    data={catchUpRules.map((value) => ({ value, label: catchUpNames[value] }))}
                    allowDeselect={false}
                    value={schedule.catchUp ?? "latest"}
                    onChange={(value) => set({ catchUp: catchUpRules.find((one) => one === value) })}
                  />
                  <NumberInput
                    label="Jitter"
                    description="Seconds by which each occurrence may start later, so that many do not start at once."
                    placeholder="Default: 0"
                    min={0}
                    max={86_400}
                    value={schedule.jitterSeconds ?? ""}
                    error={fault("/jitterSeconds")}
                    onChange={(value) => set({ jitterSeconds: typeof value === "number" ? value : null })}
                  />
                  <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
                    <TextInput
                      type="datetime-local"
                      label="Not before"
                      description={`In ${viewerZone}`}
                      value={schedule.startAt ? toLocal(schedule.startAt) : ""}
                      error={fault("/startAt")}
                      onChange={({ currentTarget }) => set({ startAt: toInstant(currentTarget.value) ?? null })}
                    />
                    <TextInput
                      type="datetime-local"
                      label="Not after"
                      description={`In ${viewerZone}`}
                      value={schedule.endAt ? toLocal(schedule.endAt) : ""}
                      error={fault("/endAt")}
                      onChange={({ currentTarget }) => set({ endAt: toInstant(currentTarget.value) ?? null })}
                    />
                  </SimpleGrid>
                </Stack>
              </details>
            </>
          )}
          {!schedule && (
            <Text size="sm" className="dim">
              Without one it runs when somebody or a program runs it.
            </Text>
          )}
        </Stack>
      </Section>
      {schedule && checked.schedule && (
        <WhatItMeans
          schedule={checked.schedule}
          preview={checked.preview}
          error={checked.error}
          code={code}
          isCompared={hasStored}
        />
      )}
    </Stack>
  );
}

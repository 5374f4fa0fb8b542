import { Button, Group, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { GivenSchedule } from "../../../api/job-definitions.ts";
import type { Faults } from "../../../parts/pointers.ts";
import { Section } from "../../../parts/section.tsx";
import { viewerZone } from "../../../parts/zone.tsx";
import { JsonObject, type Writing, WritingSwitch } from "../json-object.tsx";
import { presets } from "./presets.ts";
import { rulesInWords, ScheduleRules } from "./rules.tsx";
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

/** Of a schedule as JSON; see `JsonObject`. */
const example = {
  cron: "",
  timeZone: "",
  startAt: "",
  endAt: "",
  exclude: { dates: [""], crons: [""] },
  overlap: "",
  catchUp: "",
  catchUpWindowSeconds: 1,
  jitterSeconds: 1,
};

/** The fields that no fold hides. */
const shownFirst: ReadonlySet<string> = new Set(["/cron", "/timeZone"]);

/** When it runs: presets or cron, and at once what that means. */
export function ScheduleEditor({ schedule, code, hasStored, faults, onChange }: ScheduleEditorProps) {
  const checked = useCheckedSchedule(schedule, code);
  const both: Faults = new Map([...checked.faults, ...faults]);
  const [writing, setWriting] = useState<Writing>("form");
  const rules = schedule ? rulesInWords(schedule) : [];

  function set(change: Partial<GivenSchedule>): void {
    if (schedule) onChange({ ...schedule, ...change });
  }

  return (
    <Stack gap="md">
      <Section
        title="Schedule"
        actions={schedule && <WritingSwitch label="How to write the schedule" value={writing} onChange={setWriting} />}
      >
        <Stack gap="md">
          <Switch
            label="Runs on a schedule"
            checked={schedule !== null}
            onChange={({ currentTarget }) =>
              onChange(currentTarget.checked ? { cron: "0 6 * * *", timeZone: viewerZone } : null)
            }
          />
          {schedule && writing === "json" && (
            <JsonObject
              label="Schedule (JSON)"
              value={schedule}
              example={example}
              faults={both}
              // A cron that is not there is shown, and told, as an empty one.
              onChange={(read) => onChange({ ...read, cron: read.cron ?? "" })}
            />
          )}
          {schedule && writing === "form" && (
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
                error={both.get("/cron")}
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
                error={both.get("/timeZone")}
                onChange={(timeZone) => timeZone !== null && set({ timeZone })}
              />
              <details
                open={[...faults.keys(), ...checked.faults.keys()].some((path) => !shownFirst.has(path)) || undefined}
              >
                <summary className={classes.more}>
                  Days left out, overlap, outages, jitter, begin and end
                  {rules.length > 0 && <span className="dim">: {rules.join(", ")}</span>}
                </summary>
                <div className={classes.rules}>
                  <ScheduleRules schedule={schedule} faults={both} onChange={set} />
                </div>
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

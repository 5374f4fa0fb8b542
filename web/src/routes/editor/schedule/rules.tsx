import { NumberInput, Select, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { catchUpRules, overlapRules } from "../../../../../src/model/schedule.ts";
import type { GivenSchedule } from "../../../api/job-definitions.ts";
import { toInstant, toLocal } from "../../../parts/local-time.ts";
import { type Faults, faultsBelow } from "../../../parts/pointers.ts";
import { viewerZone } from "../../../parts/zone.tsx";
import { ExcludeEditor } from "./exclude-editor.tsx";

const overlapNames = {
  allow: "Run beside it",
  skip: "Skip this time",
  queueOne: "Wait for it, one at most",
  cancelRunning: "Cancel it and run",
} as const;

const catchUpNames = { latest: "The latest", all: "All of them", none: "None" } as const;

interface ScheduleRulesProps {
  readonly schedule: GivenSchedule;
  readonly faults: Faults;
  onChange(change: Partial<GivenSchedule>): void;
}

/** What a schedule does besides firing: exclusions, overlap, outages, jitter, begin and end. */
export function ScheduleRules({ schedule, faults, onChange }: ScheduleRulesProps) {
  const catchUp = schedule.catchUp ?? "latest";
  return (
    <Stack gap="md">
      <ExcludeEditor
        exclude={schedule.exclude ?? {}}
        timeZone={schedule.timeZone ?? "UTC"}
        faults={faultsBelow(faults, "/exclude")}
        onChange={(exclude) => onChange({ exclude })}
      />
      <Select
        label="If the one before still runs"
        data={overlapRules.map((value) => ({ value, label: overlapNames[value] }))}
        allowDeselect={false}
        value={schedule.overlap ?? "allow"}
        error={faults.get("/overlap")}
        onChange={(value) => onChange({ overlap: overlapRules.find((one) => one === value) })}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <Select
          label="After an outage, make up for"
          description="What a minute or more was missed of."
          data={catchUpRules.map((value) => ({ value, label: catchUpNames[value] }))}
          allowDeselect={false}
          value={catchUp}
          error={faults.get("/catchUp")}
          onChange={(value) => onChange({ catchUp: catchUpRules.find((one) => one === value) })}
        />
        <NumberInput
          label="Not what is older than"
          description="Seconds; it is missed."
          placeholder="Default: 3600"
          min={0}
          max={31 * 86_400}
          disabled={catchUp === "none"}
          value={schedule.catchUpWindowSeconds ?? ""}
          error={faults.get("/catchUpWindowSeconds")}
          onChange={(value) => onChange({ catchUpWindowSeconds: typeof value === "number" ? value : null })}
        />
      </SimpleGrid>
      <NumberInput
        label="Jitter"
        description="Seconds by which each occurrence may start later, so that many do not start at once."
        placeholder="Default: 0"
        min={0}
        max={86_400}
        value={schedule.jitterSeconds ?? ""}
        error={faults.get("/jitterSeconds")}
        onChange={(value) => onChange({ jitterSeconds: typeof value === "number" ? value : null })}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <TextInput
          type="datetime-local"
          label="Not before"
          description={`In ${viewerZone}`}
          value={schedule.startAt ? toLocal(schedule.startAt) : ""}
          error={faults.get("/startAt")}
          onChange={({ currentTarget }) => onChange({ startAt: toInstant(currentTarget.value) ?? null })}
        />
        <TextInput
          type="datetime-local"
          label="Not after"
          description={`In ${viewerZone}`}
          value={schedule.endAt ? toLocal(schedule.endAt) : ""}
          error={faults.get("/endAt")}
          onChange={({ currentTarget }) => onChange({ endAt: toInstant(currentTarget.value) ?? null })}
        />
      </SimpleGrid>
    </Stack>
  );
}

/** The rules that say something other than their defaults, in words; they are behind a fold. */
export function rulesInWords({ exclude, overlap, catchUp, jitterSeconds, startAt, endAt }: GivenSchedule): string[] {
  const left = (exclude?.dates?.length ?? 0) + (exclude?.crons?.length ?? 0);
  return [
    ...(left > 0 ? [`${left} left out`] : []),
    ...(overlap && overlap !== "allow" ? [overlapNames[overlap].toLowerCase()] : []),
    ...(catchUp && catchUp !== "latest" ? [`makes up for ${catchUpNames[catchUp].toLowerCase()}`] : []),
    ...(jitterSeconds ? [`jitter ${jitterSeconds} s`] : []),
    ...(startAt || endAt ? ["begins or ends"] : []),
  ];
}

import { Button, Group, Pill, Stack, TagsInput, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { GivenSchedule } from "../../../api/job-definitions.ts";
import type { Faults } from "../../../parts/pointers.ts";

type Exclude = NonNullable<GivenSchedule["exclude"]>;

interface ExcludeEditorProps {
  readonly exclude: Exclude;
  readonly timeZone: string;
  /** Of `exclude` and of all that is in it. */
  readonly faults: Faults;
  onChange(exclude: Exclude): void;
}

/** Days and times at which the schedule does not fire. */
export function ExcludeEditor({ exclude, timeZone, faults, onChange }: ExcludeEditorProps) {
  const [day, setDay] = useState("");
  const dates = exclude.dates ?? [];
  const crons = exclude.crons ?? [];

  function add(): void {
    if (day !== "") onChange({ ...exclude, dates: [...new Set([...dates, day])].sort() });
    setDay("");
  }

  return (
    <Stack gap="md">
      <div>
        <Group gap="xs" align="end">
          <TextInput
            type="date"
            label="Not on the days"
            description={`In ${timeZone}`}
            value={day}
            error={faultOf(faults, "/dates", dates)}
            onChange={({ currentTarget }) => setDay(currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              event.preventDefault();
              add();
            }}
          />
          <Button variant="default" disabled={day === ""} onClick={add}>
            Leave it out
          </Button>
        </Group>
        {dates.length > 0 && (
          <Pill.Group mt="xs" role="list" aria-label="Days on which it does not fire">
            {dates.map((date) => (
              <Pill
                key={date}
                role="listitem"
                withRemoveButton
                removeButtonProps={{ "aria-label": `Let it fire on ${date}`, "aria-hidden": false, tabIndex: 0 }}
                onRemove={() => onChange({ ...exclude, dates: dates.filter((one) => one !== date) })}
              >
                {date}
              </Pill>
            ))}
          </Pill.Group>
        )}
      </div>
      <TagsInput
        label="Not at the times of"
        description="Cron expressions whose times are left out; Enter takes one. * * 24-31 12 * is the last week of the year."
        splitChars={[]}
        value={[...crons]}
        error={faultOf(faults, "/crons", crons)}
        onChange={(next) => onChange({ ...exclude, crons: next })}
      />
      {faults.has("") && <Text size="xs">{faults.get("")}</Text>}
    </Stack>
  );
}

/** The first fault of a list or of one of its entries, which it names. */
function faultOf(faults: Faults, pointer: string, entries: readonly string[]): string | undefined {
  const found = [...faults].find(([path]) => path === pointer || path.startsWith(`${pointer}/`));
  if (!found) return undefined;
  const [path, message] = found;
  const entry = entries[Number(path.slice(pointer.length + 1))];
  return path === pointer || entry === undefined ? message : `${entry}: ${message}`;
}

import { List, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { GivenSchedule } from "../../../api/job-definitions.ts";
import { occurrencesBetweenQuery } from "../../../api/occurrences.ts";
import type { SchedulePreview } from "../../../api/schedules.ts";
import { Problem } from "../../../parts/problem.tsx";
import { NextTimes, ScheduleNotes } from "../../../parts/schedule/schedule-summary.tsx";
import { Section } from "../../../parts/section.tsx";
import { ZoneTime } from "../../../parts/zone.tsx";
import { MonthCalendar } from "./month-calendar.tsx";

interface WhatItMeansProps {
  readonly schedule: GivenSchedule;
  readonly preview: SchedulePreview | undefined;
  readonly error: Error | null;
  readonly code: string | undefined;
  readonly isCompared: boolean;
}

/** A schedule in words and times, what an edit changes, and who else fires in the same minute. */
export function WhatItMeans({ schedule, preview, error, code, isCompared }: WhatItMeansProps) {
  return (
    <Section title="What that means">
      {error && <Problem error={error} />}
      {!preview && !error && (
        <Text size="sm" className="dim">
          The words come when the expression can be read.
        </Text>
      )}
      {preview && (
        <Stack gap="md">
          <Text fw={600} role="status">
            {preview.description}{" "}
            <Text component="span" size="xs" className="dim">
              {preview.dialect === "unix" ? "Unix cron" : "Quartz"}, {preview.timeZone}
            </Text>
          </Text>
          {isCompared && <Changes preview={preview} />}
          <NextTimes times={preview.next} timeZone={preview.timeZone} />
          <SameMinute preview={preview} code={code} />
          <ScheduleNotes notes={preview.notes} />
          <MonthCalendar schedule={schedule} timeZone={preview.timeZone} />
        </Stack>
      )}
    </Section>
  );
}

/** How many of the changes are told one by one. */
const mostTold = 5;

function Changes({ preview: { removed = [], added = [], comparedUntil, timeZone } }: { preview: SchedulePreview }) {
  if (removed.length === 0 && added.length === 0) {
    return (
      <Text size="sm" className="dim">
        No occurrence changes.
      </Text>
    );
  }
  const told = (name: string, times: readonly string[]) =>
    times.length > 0 && (
      <div>
        <Text size="sm" fw={550}>
          {times.length} {name}
        </Text>
        <List size="sm">
          {times.slice(0, mostTold).map((time) => (
            <List.Item key={time}>
              <ZoneTime time={time} timeZone={timeZone} />
            </List.Item>
          ))}
          {times.length > mostTold && <List.Item>and {times.length - mostTold} more</List.Item>}
        </List>
      </div>
    );
  return (
    <section aria-label="What the edit changes">
      <Stack gap="xs">
        <Text size="sm">
          What the edit changes
          {comparedUntil && (
            <>
              {" until "}
              <ZoneTime time={comparedUntil} timeZone={timeZone} />
            </>
          )}
          :
        </Text>
        {told(removed.length === 1 ? "occurrence goes" : "occurrences go", removed)}
        {told(added.length === 1 ? "occurrence comes" : "occurrences come", added)}
      </Stack>
    </section>
  );
}

const minute = 60_000;

/** The other schedules that fire in the minute of the next occurrence. */
function SameMinute({ preview, code }: { preview: SchedulePreview; code: string | undefined }) {
  const [next] = preview.next;
  const start = Math.floor(Date.parse(next ?? "") / minute) * minute;
  const isAsked = next !== undefined;
  const after = isAsked ? new Date(start - 1).toISOString() : "";
  const before = isAsked ? new Date(start + minute).toISOString() : "";
  const around = useQuery({ ...occurrencesBetweenQuery(after, before), enabled: isAsked });
  if (!isAsked) return null;
  if (around.isPending) return <Skeleton height={20} />;
  if (around.isError) return null;
  const others = new Set(around.data.occurrences.map(({ jobDefinitionCode }) => jobDefinitionCode));
  others.delete(code ?? "");
  if (others.size === 0) {
    return (
      <Text size="sm" className="dim">
        No other schedule fires in the minute of its next occurrence.
      </Text>
    );
  }
  const names = [...others].slice(0, mostTold).join(", ");
  return (
    <Text size="sm" className="foreign">
      {others.size === 1 ? "1 other schedule fires" : `${others.size} other schedules fire`} in the minute of its next
      occurrence: {names}
      {others.size > mostTold ? " and others" : ""}. A jitter spreads them.
    </Text>
  );
}

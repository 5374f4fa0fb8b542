import { Alert, List, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { GivenSchedule } from "../../api/job-definitions.ts";
import { schedulePreviewQuery } from "../../api/schedules.ts";
import { Problem } from "../problem.tsx";
import { Ago } from "../time.tsx";
import { viewerZone, ZoneTime } from "../zone.tsx";
import classes from "./schedule-summary.module.css";

/** A schedule in words, its next ten times in its zone and the viewer's, and what is easily misread. */
export function ScheduleSummary({ schedule }: { schedule: GivenSchedule }) {
  const preview = useQuery(schedulePreviewQuery(schedule));
  if (preview.isPending) return <Skeleton height={220} />;
  if (preview.isError) return <Problem error={preview.error} onRetry={() => void preview.refetch()} />;
  const { description, cron, timeZone, next, notes } = preview.data;
  return (
    <Stack gap="sm">
      <div>
        <Text fw={600}>{description}</Text>
        <Text size="xs" className="dim">
          <code>{cron}</code> in {timeZone}
        </Text>
      </div>
      <NextTimes times={next} timeZone={timeZone} />
      <ScheduleNotes notes={notes} />
    </Stack>
  );
}

/** Coming times, in the schedule's zone and where that is another in the viewer's. */
export function NextTimes({ times, timeZone }: { times: readonly string[]; timeZone: string }) {
  const isElsewhere = timeZone !== viewerZone;
  if (times.length === 0) {
    return (
      <Text size="sm" className="dim">
        It has no occurrence ahead.
      </Text>
    );
  }
  return (
    <div className={classes.frame}>
      <table className={classes.times}>
        <thead>
          <tr>
            <th scope="col">{timeZone}</th>
            {isElsewhere && <th scope="col">Yours ({viewerZone})</th>}
            <th scope="col">
              <span className="visually-hidden">How far off</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {times.map((time) => (
            <tr key={time}>
              <td>
                <ZoneTime time={time} timeZone={timeZone} />
              </td>
              {isElsewhere && (
                <td className="dim">
                  <ZoneTime time={time} />
                </td>
              )}
              <td className="dim">
                <Ago time={time} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What is easily misread of a schedule, clock changes among it. */
export function ScheduleNotes({ notes }: { notes: readonly string[] }) {
  if (notes.length === 0) return null;
  return (
    <Alert variant="outline" color="gray" title="Worth knowing">
      <List size="sm" spacing="xs">
        {notes.map((note) => (
          <List.Item key={note}>{note}</List.Item>
        ))}
      </List>
    </Alert>
  );
}

import { ActionIcon, Group, Skeleton, Text } from "@mantine/core";
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { GivenSchedule } from "../../../api/job-definitions.ts";
import { schedulePreviewQuery } from "../../../api/schedules.ts";
import { ChevronIcon } from "../../../parts/icons.tsx";
import { dayIn, daysOfMonth, timeIn } from "./days.ts";
import classes from "./month-calendar.module.css";

/** The API answers 100 times at once; a month of more than eight such answers is shown as far as they reach. */
const perRequest = 100;
const mostRequests = 8;
const dayMs = 86_400_000;

const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** A month with what falls on each of its days, in the schedule's zone. */
export function MonthCalendar({ schedule, timeZone }: { schedule: GivenSchedule; timeZone: string }) {
  const [monthsAhead, setMonthsAhead] = useState(0);
  const queries = useQueryClient();
  const today = dayIn(new Date().toISOString(), timeZone);
  const month = monthOf(today, monthsAhead);
  const days = daysOfMonth(month);

  const times = useQuery(
    queryOptions({
      queryKey: ["schedules", "month", schedule, month],
      queryFn: async () => {
        const end = Date.parse(`${days.at(-1)}T00:00:00Z`) + 2 * dayMs;
        // Days that have passed are not asked for: a schedule that fires often would use up the answers on them.
        const start = Date.parse(`${monthsAhead === 0 ? today : days[0]}T00:00:00Z`) - dayMs;
        let after = new Date(start).toISOString();
        const found: string[] = [];
        for (let asked = 0; asked < mostRequests; asked += 1) {
          const { next } = await queries.fetchQuery(schedulePreviewQuery(schedule, { after, count: perRequest }));
          found.push(...next);
          const last = next.at(-1);
          if (last === undefined || next.length < perRequest || Date.parse(last) >= end) {
            return { times: found, knownUntil: null };
          }
          after = last;
        }
        return { times: found, knownUntil: dayIn(after, timeZone) };
      },
      staleTime: 60_000,
    }),
  );
  const byDay = Map.groupBy(times.data?.times ?? [], (time) => dayIn(time, timeZone));
  const knownUntil = times.data?.knownUntil ?? null;
  const name = new Intl.DateTimeFormat(undefined, { month: "long", year: "numeric", timeZone: "UTC" }).format(
    new Date(`${month}-01T00:00:00Z`),
  );

  return (
    <section aria-label={`Occurrences in ${name}`}>
      <Group justify="space-between" gap="sm" mb="xs">
        <Text size="sm" fw={550} aria-live="polite">
          {name}
        </Text>
        <Group gap="xs">
          <ActionIcon
            variant="default"
            size="sm"
            aria-label="The month before"
            disabled={monthsAhead === 0}
            onClick={() => setMonthsAhead(monthsAhead - 1)}
            className={classes.back}
          >
            <ChevronIcon size={14} />
          </ActionIcon>
          <ActionIcon
            variant="default"
            size="sm"
            aria-label="The month after"
            onClick={() => setMonthsAhead(monthsAhead + 1)}
          >
            <ChevronIcon size={14} />
          </ActionIcon>
        </Group>
      </Group>
      {times.isPending ? (
        <Skeleton height={220} />
      ) : (
        <div className={classes.grid}>
          {weekdays.map((day) => (
            <span key={day} className={classes.weekday} aria-hidden="true">
              {day}
            </span>
          ))}
          {days.map((day, index) => {
            const found = day < today ? [] : (byDay.get(day) ?? []);
            const isUnknown = knownUntil !== null && day >= knownUntil;
            return (
              <div
                key={day}
                className={classes.day}
                data-today={day === today || undefined}
                data-past={day < today || undefined}
                data-busy={found.length > 0 || undefined}
                style={index === 0 ? { gridColumnStart: columnOf(day) } : undefined}
                title={found.length > 0 ? found.map((time) => timeIn(time, timeZone)).join(", ") : undefined}
              >
                <span className={classes.number}>{Number(day.slice(8))}</span>
                <span className={classes.times}>{isUnknown ? "…" : wordsOf(found, timeZone)}</span>
              </div>
            );
          })}
        </div>
      )}
      {knownUntil !== null && (
        <Text size="xs" mt="xs" className="dim">
          It fires too often to count the whole month: the days from {knownUntil} on are not shown.
        </Text>
      )}
    </section>
  );
}

function wordsOf(times: readonly string[], timeZone: string): string {
  const [first] = times;
  if (first === undefined) return "";
  return times.length === 1 ? timeIn(first, timeZone) : `${times.length} ×`;
}

/** 1 is Monday. */
function columnOf(day: string): number {
  return ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
}

function monthOf(day: string, ahead: number): string {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 + ahead, 1)).toISOString().slice(0, 7);
}

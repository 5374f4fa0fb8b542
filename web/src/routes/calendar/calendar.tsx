import { Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { jobDefinitionsQuery } from "../../api/job-definitions.ts";
import { occurrencesBetweenQuery } from "../../api/occurrences.ts";
import { Page } from "../../parts/page.tsx";
import { Problem } from "../../parts/problem.tsx";
import { Section } from "../../parts/section.tsx";
import { viewerZone } from "../../parts/zone.tsx";
import { Crowds } from "./crowds.tsx";
import { HourDetails } from "./hour-details.tsx";
import { cellOf, crowdsOf, minutesOf, weekOf } from "./week.ts";
import { WeekGrid } from "./week-grid.tsx";

const title = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });

/** `/calendar`: a week of all schedules, and where they crowd. */
export function Calendar() {
  const { week = 0 } = useSearch({ from: "/shell/calendar" });
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<{ day: number; hour: number }>();
  const { start, end } = weekOf(new Date(), week);
  // The API's ends are exclusive.
  const after = new Date(start.getTime() - 1).toISOString();
  const found = useQuery({
    ...occurrencesBetweenQuery(after, end.toISOString()),
    refetchInterval: 30_000,
    placeholderData: keepPreviousData,
  });
  const definitions = useQuery(jobDefinitionsQuery);
  const spread = (definitions.data ?? []).filter(({ schedule }) => (schedule?.jitterSeconds ?? 0) > 0);
  const minutes = minutesOf(
    found.data?.occurrences ?? [],
    new Set(spread.map(({ jobDefinitionCode }) => jobDefinitionCode)),
  );
  const crowds = crowdsOf(minutes);
  const inHour = minutes.filter(({ at }) => {
    const { day, hour } = cellOf(at);
    return day === chosen?.day && hour === chosen.hour;
  });

  function go(next: number): void {
    setChosen(undefined);
    void navigate({ to: "/calendar", search: { week: next === 0 ? undefined : next } });
  }

  return (
    <Page
      title="Calendar"
      actions={
        <>
          <Button variant="default" size="sm" onClick={() => go(week - 1)}>
            Week before
          </Button>
          <Button variant="default" size="sm" disabled={week === 0} onClick={() => go(0)}>
            This week
          </Button>
          <Button variant="default" size="sm" onClick={() => go(week + 1)}>
            Week after
          </Button>
        </>
      }
    >
      <Group justify="space-between" gap="sm">
        <Title order={2} aria-live="polite">
          {title.formatRange(start, new Date(end.getTime() - 1))}
        </Title>
        <Text size="sm" className="dim">
          Times in {viewerZone}
        </Text>
      </Group>
      {found.isError && !found.data && <Problem error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Skeleton height={560} role="status" aria-label="Loading the calendar" />}
      {found.data && (
        <>
          {!found.data.isWhole && (
            <Text size="sm" className="dim">
              There are too many occurrences to count them all: what is shown is the beginning of the week, or the
              schedules that fire soonest.
            </Text>
          )}
          <WeekGrid
            start={start}
            minutes={minutes}
            chosen={chosen}
            isStale={found.isPlaceholderData}
            onChoose={setChosen}
          />
          {minutes.length === 0 && (
            <Text size="sm">
              Nothing is scheduled in this week.{" "}
              <Link to="/job-definitions/~new" className="link">
                Make a definition with a schedule
              </Link>
              .
            </Text>
          )}
          {chosen && <HourDetails start={start} {...chosen} minutes={inHour} />}
          <Section title="Crowded minutes">
            <Stack gap="sm">
              <Crowds crowds={crowds} />
            </Stack>
          </Section>
        </>
      )}
    </Page>
  );
}

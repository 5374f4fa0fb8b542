import { Button, Group, SegmentedControl, Skeleton, Stack, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { occurrenceOutcomes } from "../../../../src/model/occurrence.ts";
import { definitionOccurrencesQuery, type Occurrence } from "../../api/occurrences.ts";
import { OutcomeLabel } from "../../parts/outcome.tsx";
import { Problem } from "../../parts/problem.tsx";
import { formatDuration, formatInstant } from "../../parts/time.tsx";
import { ZoneTime } from "../../parts/zone.tsx";
import classes from "./rows.module.css";

const day = 86_400_000;
/** How many occurrences are shown before somebody asks for all. */
const mostAtFirst = 20;
/** How much time one page of the ledger shows. */
const windowDays = 7;

const choices = [
  { value: "all", label: "All" },
  { value: "fired", label: "Fired" },
  { value: "late", label: "Late" },
  { value: "skipped", label: "Skipped" },
  { value: "missed", label: "Missed" },
];

/** A week of what came of the occurrences, newest first, each with its job or its reason. */
export function Ledger({ code }: { code: string }) {
  const [weeksBack, setWeeksBack] = useState(0);
  const [chosen, setChosen] = useState("all");
  const [isAll, setAll] = useState(false);
  // Whole minutes, so that the same week is asked for under the same key.
  const [now] = useState(() => Math.ceil(Date.now() / 60_000) * 60_000);
  const before = now - weeksBack * windowDays * day;
  const outcome = occurrenceOutcomes.find((one) => one === chosen);
  const query = {
    after: new Date(before - windowDays * day).toISOString(),
    before: new Date(before).toISOString(),
    outcome,
    limit: 200,
  };
  const page = useQuery({
    ...definitionOccurrencesQuery(code, query),
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
  });
  const shown = (page.data?.occurrences ?? []).filter((one) => one.outcome !== "expected").toReversed();

  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm">
        <SegmentedControl size="xs" aria-label="Outcome" data={choices} value={chosen} onChange={setChosen} />
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={() => setWeeksBack(weeksBack + 1)}>
            Earlier
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            disabled={weeksBack === 0}
            onClick={() => setWeeksBack(weeksBack - 1)}
          >
            Later
          </Button>
        </Group>
      </Group>
      <Text size="xs" className="dim">
        {formatInstant(query.after)} to {formatInstant(query.before)}
        {page.data?.nextCursor ? ": the first 200 of them" : ""}
      </Text>
      {page.isPending && <Skeleton height={160} />}
      {page.isError && !page.data && <Problem error={page.error} onRetry={() => void page.refetch()} />}
      {page.data && shown.length === 0 && (
        <Text size="sm" className="dim">
          {outcome === undefined ? "Nothing fell due in this week." : `None were ${outcome} in this week.`}
        </Text>
      )}
      <ul className={classes.rows}>
        {shown.slice(0, isAll ? shown.length : mostAtFirst).map((one) => (
          <Row key={"count" in one ? `${one.from} ${one.outcome}` : one.scheduledFor} occurrence={one} />
        ))}
      </ul>
      {!isAll && shown.length > mostAtFirst && (
        <div>
          <Button size="compact-sm" variant="default" onClick={() => setAll(true)}>
            Show all {shown.length}
          </Button>
        </div>
      )}
    </Stack>
  );
}

function Row({ occurrence }: { occurrence: Occurrence }) {
  if ("count" in occurrence) {
    const { count, from, to, outcome, reason } = occurrence;
    return (
      <li className={classes.row}>
        <OutcomeLabel outcome={outcome} />
        <div className={classes.middle}>
          <span className="foreign">{reason ?? ""}</span>
        </div>
        <span className="dim">
          {count} × <ZoneTime time={from} />
          {from !== to && (
            <>
              {" to "}
              <ZoneTime time={to} />
            </>
          )}
        </span>
      </li>
    );
  }
  const { scheduledFor, outcome, reason, jobId, lateMs, backfillJobId } = occurrence;
  const job = jobId ?? backfillJobId;
  const words = reason ?? (jobId === null && backfillJobId !== null ? "Run afterwards" : "Its job");
  return (
    <li className={classes.row}>
      <OutcomeLabel outcome={outcome} />
      <div className={classes.middle}>
        {job === null ? (
          <span className="foreign">{reason ?? ""}</span>
        ) : (
          <Link to="/jobs/$jobId" params={{ jobId: job }} className={classes.name}>
            {words}
            {backfillJobId !== null && jobId === null && reason !== null ? " (run afterwards)" : ""}
          </Link>
        )}
        {outcome === "late" && lateMs !== null && <div className={classes.reason}>{formatDuration(lateMs)} late</div>}
      </div>
      <span className="dim">
        <ZoneTime time={scheduledFor} />
      </span>
    </li>
  );
}

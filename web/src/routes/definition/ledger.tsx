import { Button, Group, SegmentedControl, Skeleton, Stack, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { occurrenceOutcomes } from "../../../../src/model/occurrence.ts";
import { ledgerQuery, type Occurrence } from "../../api/occurrences.ts";
import { OutcomeLabel } from "../../parts/outcome.tsx";
import { Problem } from "../../parts/problem.tsx";
import { formatDuration, formatInstant } from "../../parts/time.tsx";
import { ZoneTime } from "../../parts/zone.tsx";
import classes from "./rows.module.css";

/** How many occurrences are shown before somebody asks for all. */
const mostAtFirst = 20;

const choices = [
  { value: "all", label: "All" },
  { value: "fired", label: "Fired" },
  { value: "late", label: "Late" },
  { value: "skipped", label: "Skipped" },
  { value: "missed", label: "Missed" },
];

/** What came of the last occurrences, newest first, each with its job or its reason. */
export function Ledger({ code }: { code: string }) {
  /** Where the pages that were gone back to end; none: what is shown ends now. */
  const [ends, setEnds] = useState<readonly number[]>([]);
  const [chosen, setChosen] = useState("all");
  const [isAll, setAll] = useState(false);
  const outcome = occurrenceOutcomes.find((one) => one === chosen);
  const page = useQuery({
    ...ledgerQuery(code, ends.at(-1) ?? null, outcome),
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
  });
  const after = page.data?.after;
  const shown = (page.data?.occurrences ?? []).filter((one) => one.outcome !== "expected").toReversed();

  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm">
        <SegmentedControl size="xs" aria-label="Outcome" data={choices} value={chosen} onChange={setChosen} />
        <Group gap="xs">
          <Button
            size="compact-sm"
            variant="default"
            disabled={after === undefined || page.isPlaceholderData}
            onClick={() => after !== undefined && setEnds([...ends, after])}
          >
            Earlier
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            disabled={ends.length === 0}
            onClick={() => setEnds(ends.slice(0, -1))}
          >
            Later
          </Button>
        </Group>
      </Group>
      {page.data && (
        <Text size="xs" className="dim">
          {formatInstant(new Date(page.data.after).toISOString())} to{" "}
          {formatInstant(new Date(page.data.before).toISOString())}
          {page.data.isWhole ? "" : ": only the first of them"}
        </Text>
      )}
      {page.isPending && <Skeleton height={160} />}
      {page.isError && !page.data && <Problem error={page.error} onRetry={() => void page.refetch()} />}
      {page.data && shown.length === 0 && (
        <Text size="sm" className="dim">
          {outcome === undefined ? "Nothing fell due in this time." : `None were ${outcome} in this time.`}
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

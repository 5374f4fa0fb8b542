import { Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useLive } from "../../api/live.ts";
import { type Overview, overviewQuery } from "../../api/overview.ts";
import { type Outcome, OutcomeMark } from "../../parts/outcome.tsx";
import { Problem } from "../../parts/problem.tsx";
import { formatDuration, formatInstant } from "../../parts/time.tsx";
import classes from "./health.module.css";
import { findTroubles } from "./judge.ts";

/** Whether all is well, and the counts of the last day. */
export function Health() {
  const { data, error, isError, refetch } = useQuery({ ...overviewQuery, ...useLive(true) });
  if (data) return <Counts overview={data} />;
  if (isError) return <Problem error={error} onRetry={() => void refetch()} />;
  return <Skeleton height={132} role="status" aria-label="Counting" />;
}

function Counts({ overview }: { overview: Overview }) {
  const { occurrences, jobs, queue, nodes } = overview;
  const troubles = findTroubles(overview);
  const isWell = troubles.length === 0;
  const cutAt = jobs.countedFrom ?? occurrences.countedFrom;
  return (
    <section className={`panel ${classes.health}`} data-troubled={!isWell || undefined} aria-label="Health">
      <div className={classes.verdict} role="status">
        <OutcomeMark outcome={isWell ? "completed" : "late"} size={20} />
        <Text fw={600}>{isWell ? "All is well" : "Worth a look"}</Text>
        <Text className="dim">
          {isWell ? "Nothing failed, was missed or came late in the last 24 hours." : `${sentence(troubles)}.`}
        </Text>
      </div>
      <dl className={classes.counts}>
        <Count name="Fired" value={occurrences.fired} mark="fired" />
        <Count name="Late" value={occurrences.late} mark="late" isNotable={occurrences.late > 0} />
        <Count name="Skipped" value={occurrences.skipped} mark="skipped" />
        <Count name="Missed" value={occurrences.missed} mark="missed" isNotable={occurrences.missed > 0} />
        <Count name="Failed" value={jobs.failed} mark="failed" isNotable={jobs.failed > 0}>
          <Link to="/jobs" search={{ status: "FAILED", since: "24h" }} className={classes.number}>
            {jobs.failed.toLocaleString()}
          </Link>
        </Count>
        <Count name="Jobs" value={jobs.made} note={`${jobs.completed.toLocaleString()} completed`} />
        <Count
          name="Queue wait"
          text={jobs.waitMs === null ? "–" : formatDuration(jobs.waitMs)}
          note={`${queue.queued.toLocaleString()} waiting now`}
          title="95 of 100 jobs waited no longer before their first run"
        />
        <Count name="Nodes" value={nodes.alive} note={nodes.silent > 0 ? `${nodes.silent} silent` : "alive"} />
      </dl>
      {cutAt && (
        <Text size="xs" className="dim">
          There is too much to count on every visit: these counts begin at {formatInstant(cutAt)}.
        </Text>
      )}
    </section>
  );
}

interface CountProps {
  readonly name: string;
  readonly value?: number;
  readonly text?: string;
  readonly note?: string;
  readonly mark?: Outcome;
  readonly title?: string;
  readonly isNotable?: boolean;
  readonly children?: ReactNode;
}

function Count({ name, value, text, note, mark, title, isNotable, children }: CountProps) {
  return (
    <div className={classes.count} title={title}>
      <dt>
        {mark && (
          <span aria-hidden="true" className={classes.mark}>
            <OutcomeMark outcome={mark} size={12} />
          </span>
        )}
        {name}
      </dt>
      <dd data-notable={isNotable || undefined}>
        {children ?? <span className={classes.number}>{text ?? value?.toLocaleString()}</span>}
        {note && <span className={classes.note}>{note}</span>}
      </dd>
    </div>
  );
}

/** `One, two and three`, with a capital at its front. */
function sentence(parts: readonly string[]): string {
  const text = new Intl.ListFormat("en").format(parts);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

import { Text } from "@mantine/core";
import type { Attempt, Job } from "../../api/jobs.ts";
import { OutcomeMark, outcomeNames } from "../../parts/outcome.tsx";
import { formatDuration, formatInstant } from "../../parts/time.tsx";
import { type Segment, segmentsOf } from "./segments.ts";
import classes from "./waterfall.module.css";

/** How many times as long as all else a first wait may be before its bar is cut short. */
const longestWait = 2;

/** A job's life from left to right. */
export function Waterfall({ job, attempts, now }: { job: Job; attempts: readonly Attempt[]; now: number }) {
  const segments = segmentsOf(job, attempts, now);
  const { from, to } = extentOf(segments);
  const width = Math.max(1, to - from);
  return (
    <ol className={classes.rows}>
      {segments.map((segment) => (
        <Row key={segment.key} segment={segment} from={from} width={width} />
      ))}
    </ol>
  );
}

/** A wait of days would leave no room for the run of a second: then the picture begins shortly before the run. */
function extentOf(segments: readonly Segment[]): { from: number; to: number } {
  const from = Math.min(...segments.map(({ start }) => start));
  const to = Math.max(...segments.map(({ end }) => end));
  const runs = segments.filter(({ kind }) => kind !== "scheduled" && kind !== "queued");
  if (runs.length === 0) return { from, to };
  const firstRun = Math.min(...runs.map(({ start }) => start));
  const ran = Math.max(1, to - firstRun);
  return firstRun - from > ran * longestWait ? { from: firstRun - ran * longestWait * 0.5, to } : { from, to };
}

function Row({ segment, from, width }: { segment: Segment; from: number; width: number }) {
  const { label, start, end, kind, note, isPart } = segment;
  const isCut = start < from;
  const left = (Math.max(0, start - from) / width) * 100;
  const length = ((end - Math.max(start, from)) / width) * 100;
  const title = `${label}: ${formatDuration(end - start)}, from ${formatInstant(new Date(start).toISOString())}`;
  return (
    <li className={classes.row} data-part={isPart}>
      <span className={classes.label}>
        {kind !== "part" && <OutcomeMark outcome={kind} size={12} />}
        {label}
        {kind !== "part" && <span className="visually-hidden">, {outcomeNames[kind]}</span>}
      </span>
      <span className={classes.track} title={title}>
        <span
          className={classes.bar}
          data-kind={kind}
          data-cut={isCut || undefined}
          style={{ left: `${left}%`, width: `max(2px, ${Math.min(length, 100 - left)}%)` }}
        />
      </span>
      <span className={`${classes.length} number`}>{formatDuration(end - start)}</span>
      {note !== undefined && (
        <Text size="xs" className={`${classes.note} foreign`} lineClamp={3}>
          {note}
        </Text>
      )}
    </li>
  );
}

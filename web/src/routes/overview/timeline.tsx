import { SegmentedControl, Skeleton, Text } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, useState } from "react";
import { occurrencesAroundQuery } from "../../api/customer-occurrences.ts";
import { jobsQuery } from "../../api/jobs.ts";
import { useLive } from "../../api/live.ts";
import { OutcomeLabel, OutcomeMark, outcomeNames } from "../../parts/outcome.tsx";
import { Problem } from "../../parts/problem.tsx";
import { Section } from "../../parts/section.tsx";
import { formatInstant, useNow } from "../../parts/time.tsx";
import { arrange, type Cell, type Row } from "./cells.ts";
import { type WindowName, windows } from "./search.ts";
import classes from "./timeline.module.css";

/** How wide a cell is at least, in pixels. */
const cellPixels = 13;
const mostRows = 25;
const mostTold = 12;
const legend = ["fired", "late", "failed", "skipped", "missed", "expected"] as const;

interface Chosen {
  readonly code: string;
  readonly cell: Cell;
}

/** Schedules × time: what came of each occurrence, and those to come. */
export function Timeline({ window, onWindow }: { window: WindowName; onWindow: (window: WindowName) => void }) {
  const { back, ahead } = windows[window];
  const around = useQuery({
    ...occurrencesAroundQuery(back, ahead),
    ...useLive(true),
    placeholderData: keepPreviousData,
  });
  const failed = useQuery({ ...jobsQuery({ status: "FAILED", limit: 200 }), ...useLive(true) });
  const [chosen, setChosen] = useState<Chosen>();
  const { ref, width } = useElementSize();
  // A minute is the least that a cell can show, so the picture moves no more often.
  const now = Math.floor(useNow() / 60_000) * 60_000;
  const span = { from: now - back, to: now + ahead };
  const cells = Math.max(16, Math.floor(width / cellPixels));
  const failedIds = new Set(failed.data?.jobs.map(({ jobId }) => jobId));
  const rows = arrange(around.data?.occurrences ?? [], failedIds, span.from, span.to, cells);
  const choose = (code: string, cell: Cell): void => setChosen({ code, cell });

  return (
    <Section
      title="Timeline"
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Time that is shown"
          data={Object.entries(windows).map(([value, { label }]) => ({ value, label }))}
          value={window}
          onChange={(value) => {
            setChosen(undefined);
            onWindow(value === "6h" || value === "7d" ? value : "24h");
          }}
        />
      }
    >
      {around.isPending && <Skeleton height={180} role="status" aria-label="Loading the timeline" />}
      {around.isError && !around.data && <Problem error={around.error} onRetry={() => void around.refetch()} />}
      {around.data && rows.length === 0 && (
        <Text size="sm" className="dim">
          No schedule has fired or will fire in this time. Each will have a line here, with a mark for every occurrence:
          whether it fired, came late, was skipped or missed.
        </Text>
      )}
      {/* It is measured while it is still empty. */}
      <div className={classes.timeline} hidden={rows.length === 0}>
        <div className={classes.row} aria-hidden="true">
          <span />
          <div className={classes.axis} ref={ref}>
            {ticks(span.from, span.to).map(({ at, label }) => (
              <span key={at} className={classes.tick} style={{ left: `${position(at, span)}%` }}>
                {label}
              </span>
            ))}
          </div>
        </div>
        {rows.slice(0, mostRows).map((row) => (
          <Line key={row.code} row={row} cells={cells} now={position(now, span)} onChoose={choose} />
        ))}
      </div>
      {chosen && <Told {...chosen} />}
      {rows.length > 0 && (
        <ul className={classes.legend} aria-label="Marks">
          {legend.map((outcome) => (
            <li key={outcome}>
              <span aria-hidden="true" className={classes.mark}>
                <OutcomeMark outcome={outcome} size={11} />
              </span>
              {outcomeNames[outcome]}
            </li>
          ))}
        </ul>
      )}
      {rows.length > mostRows && (
        <Text size="xs" className="dim">
          {mostRows} of {rows.length} schedules, those with trouble first.
        </Text>
      )}
      {around.data && around.data.from > span.from + 120_000 && (
        <Text size="xs" className="dim">
          There is too much to draw all of it: what was before {formatInstant(new Date(around.data.from).toISOString())}{" "}
          is left out. Choose a shorter time.
        </Text>
      )}
    </Section>
  );
}

interface LineProps {
  readonly row: Row;
  readonly cells: number;
  /** Where now is, in hundredths of the width. */
  readonly now: number;
  onChoose(code: string, cell: Cell): void;
}

/** One schedule. The Tab key comes to its last cell, the arrow keys lead along it. */
function Line({ row, cells, now, onChoose }: LineProps) {
  const last = row.cells.at(-1);
  return (
    <div className={classes.row}>
      <Link
        to="/job-definitions/$code"
        params={{ code: row.code }}
        className={`${classes.name} foreign`}
        title={row.code}
      >
        {row.code}
      </Link>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
      <div className={classes.track} role="group" aria-label={row.code} onKeyDown={moveFocus}>
        <span className={classes.now} style={{ left: `${now}%` }} />
        {row.cells.map((cell) => (
          <CellMark
            key={cell.index}
            cell={cell}
            left={(cell.index / cells) * 100}
            width={100 / cells}
            isEntrance={cell === last}
            onChoose={() => onChoose(row.code, cell)}
          />
        ))}
      </div>
    </div>
  );
}

interface CellMarkProps {
  readonly cell: Cell;
  readonly left: number;
  readonly width: number;
  readonly isEntrance: boolean;
  onChoose(): void;
}

function CellMark({ cell, left, width, isEntrance, onChoose }: CellMarkProps) {
  const [entry] = cell.entries;
  const label = describe(cell);
  const shared = {
    className: classes.cell,
    style: { left: `${left}%`, width: `${width}%` },
    tabIndex: isEntrance ? 0 : -1,
    title: label,
    "aria-label": label,
  };
  const mark = (
    <span aria-hidden="true" className={classes.mark} data-many={cell.count > 1 || undefined}>
      <OutcomeMark outcome={cell.outcome} size={11} />
    </span>
  );
  if (entry?.jobId && cell.entries.length === 1) {
    return (
      <Link to="/jobs/$jobId" params={{ jobId: entry.jobId }} {...shared}>
        {mark}
      </Link>
    );
  }
  return (
    <button type="button" {...shared} onClick={onChoose}>
      {mark}
    </button>
  );
}

/** What is in a cell that is more than a job. */
function Told({ code, cell }: Chosen) {
  const rest = cell.entries.length - mostTold;
  return (
    <section className={classes.told} aria-label="Chosen occurrences" aria-live="polite">
      <strong className="foreign">{code}</strong>
      <ul className={classes.entries}>
        {cell.entries.slice(0, mostTold).map((entry) => (
          <li key={`${entry.from} ${entry.outcome}`}>
            <OutcomeLabel outcome={entry.outcome} />
            <span className="number">{formatInstant(new Date(entry.from).toISOString())}</span>
            {entry.count > 1 && <span className="dim">{entry.count} occurrences</span>}
            {entry.reason !== null && <span className="dim">{entry.reason}</span>}
            {entry.jobId && (
              <Link to="/jobs/$jobId" params={{ jobId: entry.jobId }} className="link">
                Its job
              </Link>
            )}
          </li>
        ))}
      </ul>
      {rest > 0 && (
        <Text size="xs" className="dim">
          And {rest} more. Choose a shorter time to see them apart.
        </Text>
      )}
    </section>
  );
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === "ArrowLeft" ? "previousElementSibling" : "nextElementSibling";
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  event.preventDefault();
  const next = document.activeElement?.[step];
  if (next instanceof HTMLElement && next.tabIndex >= -1 && next.hasAttribute("aria-label")) next.focus();
}

function describe({ outcome, entries, count }: Cell): string {
  const [first] = entries;
  const time = first ? formatInstant(new Date(first.from).toISOString()) : "";
  if (count > 1) return `${count} from ${time}, at worst ${outcomeNames[outcome].toLowerCase()}`;
  return `${outcomeNames[outcome]}, ${time}${first?.reason ? `: ${first.reason}` : ""}`;
}

function position(at: number, { from, to }: { from: number; to: number }): number {
  return ((at - from) / (to - from)) * 100;
}

const hourLabel = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const dayLabel = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric" });
const hour = 3_600_000;

/** Round times of the viewer's clock, six or so. */
function ticks(from: number, to: number): readonly { at: number; label: string }[] {
  const step = [1, 2, 4, 6, 12, 24].map((hours) => hours * hour).find((ms) => (to - from) / ms <= 9) ?? 24 * hour;
  const midnight = new Date(from).setHours(0, 0, 0, 0);
  const first = midnight + Math.ceil((from - midnight) / step) * step;
  const found: { at: number; label: string }[] = [];
  for (let at = first; at < to; at += step) {
    const isFar = position(at, { from, to }) > 96;
    if (!isFar) found.push({ at, label: (step >= 24 * hour ? dayLabel : hourLabel).format(at) });
  }
  return found;
}

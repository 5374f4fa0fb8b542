import { Fragment } from "react";
import classes from "./calendar.module.css";
import { cellOf, countOf, crowd, type Minute } from "./week.ts";

const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const dayOfMonth = new Intl.DateTimeFormat(undefined, { day: "numeric" });
const days = [0, 1, 2, 3, 4, 5, 6];
const hours = Array.from({ length: 24 }, (_, hour) => hour);

interface WeekGridProps {
  readonly start: Date;
  readonly minutes: readonly Minute[];
  readonly chosen: { readonly day: number; readonly hour: number } | undefined;
  readonly isStale: boolean;
  onChoose(cell: { day: number; hour: number }): void;
}

/** What is in an hour. */
interface Cell {
  readonly count: number;
  readonly isCrowded: boolean;
  readonly troubled: number;
}

/** Seven days by twenty-four hours: how many occurrences each hour has, darker where there are more. */
export function WeekGrid({ start, minutes, chosen, isStale, onChoose }: WeekGridProps) {
  const cells = countCells(minutes);
  const most = Math.max(1, ...[...cells.values()].map(({ count }) => count));
  const now = new Date();
  const dates = days.map((day) => new Date(start.getFullYear(), start.getMonth(), start.getDate() + day));
  return (
    <div className={`panel ${classes.grid}`} aria-busy={isStale}>
      <span />
      {dates.map((date) => (
        <span
          key={date.toISOString()}
          className={classes.day}
          data-today={date.toDateString() === now.toDateString() || undefined}
        >
          {weekday.format(date)} <span className="dim">{dayOfMonth.format(date)}</span>
        </span>
      ))}
      {hours.map((hour) => (
        <Fragment key={hour}>
          <span className={classes.hour}>{String(hour).padStart(2, "0")}</span>
          {dates.map((date, day) => {
            const cell = cells.get(`${day} ${hour}`);
            const name = `${weekday.format(date)} ${dayOfMonth.format(date)}, ${hour}:00`;
            if (!cell) return <span key={date.toISOString()} className={classes.empty} />;
            const { count, isCrowded, troubled } = cell;
            return (
              <button
                key={date.toISOString()}
                type="button"
                className={classes.cell}
                aria-label={`${name}: ${count}${isCrowded ? ", crowded" : ""}${troubled ? `, ${troubled} not in time` : ""}`}
                aria-pressed={chosen?.day === day && chosen.hour === hour}
                data-crowded={isCrowded || undefined}
                data-troubled={troubled > 0 || undefined}
                onClick={() => onChoose({ day, hour })}
              >
                <span className={classes.bar} style={{ width: `${Math.max(6, (count / most) * 100)}%` }} />
                <span className={classes.count}>{count}</span>
              </button>
            );
          })}
        </Fragment>
      ))}
      <p className={classes.legend}>
        <span className={classes.entry}>
          <span className={classes.sampleCrowded} aria-hidden="true" /> {crowd} or more schedules in one minute
        </span>
        <span className={classes.entry}>
          <span className={classes.sampleTroubled} aria-hidden="true" /> some were late, skipped or missed
        </span>
      </p>
    </div>
  );
}

function countCells(minutes: readonly Minute[]): ReadonlyMap<string, Cell> {
  const cells = new Map<string, Cell>();
  for (const { at, codes, occurrences } of minutes) {
    const { day, hour } = cellOf(at);
    const key = `${day} ${hour}`;
    const known = cells.get(key) ?? { count: 0, isCrowded: false, troubled: 0 };
    const troubled = occurrences.filter(({ outcome }) => outcome !== "fired" && outcome !== "expected");
    cells.set(key, {
      count: known.count + sum(occurrences.map(countOf)),
      isCrowded: known.isCrowded || codes.length >= crowd,
      troubled: known.troubled + sum(troubled.map(countOf)),
    });
  }
  return cells;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

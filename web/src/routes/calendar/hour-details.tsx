import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { OutcomeLabel } from "../../parts/outcome.tsx";
import { Section } from "../../parts/section.tsx";
import classes from "./calendar.module.css";
import { countOf, type Minute, timeOf } from "./week.ts";

const dayName = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

interface HourDetailsProps {
  readonly start: Date;
  readonly day: number;
  readonly hour: number;
  readonly minutes: readonly Minute[];
}

/** All of one hour, with its jobs and reasons. */
export function HourDetails({ start, day, hour, minutes }: HourDetailsProps) {
  const date = new Date(start.getFullYear(), start.getMonth(), start.getDate() + day, hour);
  const occurrences = minutes.flatMap((one) => one.occurrences);
  return (
    <Section title={`${dayName.format(date)}, ${time.format(date)}`}>
      {occurrences.length === 0 && (
        <Text size="sm" className="dim">
          Nothing is scheduled in this hour.
        </Text>
      )}
      <ul className={classes.occurrences}>
        {occurrences.map((one) => (
          <li key={`${one.jobDefinitionCode} ${timeOf(one)} ${one.outcome}`} className={classes.occurrence}>
            <span className="number">{time.format(new Date(timeOf(one)))}</span>
            <OutcomeLabel outcome={one.outcome} />
            <span className={classes.what}>
              <Link
                to="/job-definitions/$code"
                params={{ code: one.jobDefinitionCode }}
                className={`${classes.code} foreign`}
              >
                {one.jobDefinitionCode}
              </Link>
              {countOf(one) > 1 && <span className="dim"> {countOf(one)} ×</span>}
              {one.reason !== null && <span className="dim foreign"> {one.reason}</span>}
            </span>
            {"jobId" in one && one.jobId !== null && (
              <Link to="/jobs/$jobId" params={{ jobId: one.jobId }} className="link">
                Job
              </Link>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

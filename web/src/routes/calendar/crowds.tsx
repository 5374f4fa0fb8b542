import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { formatDuration } from "../../parts/time.tsx";
import { ZoneTime } from "../../parts/zone.tsx";
import classes from "./calendar.module.css";
import { type Crowd, crowd } from "./week.ts";

/** How many schedules of a crowd are named. */
const mostNamed = 8;

/** Where many schedules fire at once, and what spreads them. */
export function Crowds({ crowds }: { crowds: readonly Crowd[] }) {
  if (crowds.length === 0) {
    return (
      <Text size="sm" className="dim">
        None ahead in this week: nowhere do {crowd} or more schedules fire in one minute.
      </Text>
    );
  }
  return (
    <ul className={classes.crowds}>
      {crowds.slice(0, 20).map(({ codes, times: [first = "", ...others], jitterSeconds }) => (
        <li key={codes.join(" ")}>
          <Text size="sm">
            <strong>{codes.length} schedules</strong> fire at <ZoneTime time={first} />
            {others.length > 0 && ` and ${others.length} more ${others.length === 1 ? "time" : "times"}`}. A jitter of{" "}
            <strong>{jitterSeconds} seconds</strong> on each spreads them over {formatDuration(jitterSeconds * 1_000)}:
            edit{" "}
            {codes.slice(0, mostNamed).map((code, index) => (
              <span key={code}>
                {index > 0 && ", "}
                <Link to="/job-definitions/$code/edit" params={{ code }} className="link foreign">
                  {code}
                </Link>
              </span>
            ))}
            {codes.length > mostNamed && ` and ${codes.length - mostNamed} more`}.
          </Text>
        </li>
      ))}
    </ul>
  );
}

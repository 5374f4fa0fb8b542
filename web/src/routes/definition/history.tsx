import { Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type AuditEvent, auditEventsQuery } from "../../api/audit-events.ts";
import type { JobDefinition } from "../../api/job-definitions.ts";
import { useLive } from "../../api/live.ts";
import { sessionQuery } from "../../api/session.ts";
import { Problem } from "../../parts/problem.tsx";
import { Ago } from "../../parts/time.tsx";
import classes from "./rows.module.css";

/** Who changed the definition, and when; all but admins see the last change alone. */
export function History({ definition }: { definition: JobDefinition }) {
  const { version, updatedAt, updatedBy, createdAt } = definition;
  const isAdmin = useQueryClient().getQueryData(sessionQuery.queryKey)?.role === "admin";
  return (
    <>
      <Text size="sm">
        Version {version}, {version === 1 ? "made" : "changed"}
        {updatedBy === null ? "" : ` by ${updatedBy}`} <Ago time={updatedAt} />
        {version > 1 && (
          <>
            ; made <Ago time={createdAt} />
          </>
        )}
        .{" "}
        <Link to="/job-definitions/$code/versions" params={{ code: definition.jobDefinitionCode }} className="link">
          Versions, and what differs
        </Link>
      </Text>
      {isAdmin && <Events definition={definition} />}
    </>
  );
}

function Events({ definition: { jobDefinitionCode } }: { definition: JobDefinition }) {
  const events = useQuery({ ...auditEventsQuery, ...useLive(true) });
  if (events.isError) return <Problem error={events.error} onRetry={() => void events.refetch()} />;
  const own = (events.data ?? []).filter(
    // Each run has its job, which is told among the jobs.
    ({ action, subject }) =>
      action.startsWith("jobDefinition.") && action !== "jobDefinition.execute" && subject === jobDefinitionCode,
  );
  if (own.length === 0) return null;
  return (
    <ul className={classes.rows}>
      {own.map((event) => (
        <li key={event.auditEventId} className={classes.row}>
          <span>{actionNames.get(event.action) ?? event.action}</span>
          <span className={`${classes.middle} foreign`}>{describe(event)}</span>
          <span className="dim">
            <Ago time={event.at} />
          </span>
        </li>
      ))}
    </ul>
  );
}

const actionNames: ReadonlyMap<string, string> = new Map([
  ["jobDefinition.create", "Made"],
  ["jobDefinition.update", "Changed"],
  ["jobDefinition.delete", "Deleted"],
  ["jobDefinition.pause", "Paused"],
  ["jobDefinition.resume", "Resumed"],
  ["jobDefinition.backfill", "Run for a range"],
]);

function describe({ actor, details }: AuditEvent): string {
  const facts = Object.entries(details ?? {})
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`);
  return [`by ${actor}`, ...facts].join(", ");
}

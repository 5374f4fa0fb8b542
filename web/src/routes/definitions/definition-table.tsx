import { Skeleton, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { JobDefinition } from "../../api/job-definitions.ts";
import { StateOf } from "../../parts/definition-state.tsx";
import { OutcomeLabel } from "../../parts/outcome.tsx";
import { OutcomeRow } from "../../parts/outcome-row.tsx";
import { Ago } from "../../parts/time.tsx";
import { viewerZone, ZoneTime } from "../../parts/zone.tsx";
import classes from "./definition-table.module.css";

/** Definitions, each with its state, its next time and how the last ones went; on a phone each becomes a card. */
export function DefinitionTable({ definitions }: { definitions: readonly JobDefinition[] }) {
  return (
    <div className={`panel ${classes.frame}`}>
      <Table className={classes.table} aria-label="Definitions">
        <Table.Thead className={classes.head}>
          <Table.Tr>
            <Table.Th>Definition</Table.Th>
            <Table.Th className={classes.state}>State</Table.Th>
            <Table.Th className={classes.next}>Next</Table.Th>
            <Table.Th className={classes.outcomes}>Last occurrences</Table.Th>
            <Table.Th className={classes.last}>Last job</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {definitions.map((one) => (
            <Row key={one.jobDefinitionCode} definition={one} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Row({ definition }: { definition: JobDefinition }) {
  const { jobDefinitionCode: code, name, jobType, lastOutcomes, lastJob } = definition;
  return (
    <Table.Tr className={classes.row}>
      <Table.Td className={classes.definition}>
        <Link to="/job-definitions/$code" params={{ code }} className={`${classes.name} foreign`} preload="intent">
          {name}
        </Link>
        <div className={`${classes.detail} foreign`}>{name === code ? jobType : `${code} · ${jobType}`}</div>
      </Table.Td>
      <Table.Td className={classes.state}>
        <StateOf definition={definition} />
      </Table.Td>
      <Table.Td className={classes.next}>
        <Next definition={definition} />
      </Table.Td>
      <Table.Td className={classes.outcomes}>
        <OutcomeRow outcomes={lastOutcomes} most={15} />
      </Table.Td>
      <Table.Td className={classes.last}>
        {lastJob === null ? (
          <span className="dim">–</span>
        ) : (
          <Link to="/jobs/$jobId" params={{ jobId: lastJob.jobId }} className={`plain ${classes.above}`}>
            <OutcomeLabel outcome={lastOutcome(lastJob.status)} />
          </Link>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function lastOutcome(status: NonNullable<JobDefinition["lastJob"]>["status"]): "completed" | "failed" | "running" {
  if (status === "COMPLETED") return "completed";
  return status === "FAILED" ? "failed" : "running";
}

/** The next time as the viewer's clock shows it, and as the schedule's does where that is another. */
function Next({ definition: { nextFireAt, schedule } }: { definition: JobDefinition }) {
  if (nextFireAt === null || schedule === null) return <span className="dim">–</span>;
  return (
    <>
      <ZoneTime time={nextFireAt} />
      <Text size="xs" className="dim">
        <Ago time={nextFireAt} />
        {schedule.timeZone !== viewerZone && (
          <>
            {" · "}
            <ZoneTime time={nextFireAt} timeZone={schedule.timeZone} isNamed />
          </>
        )}
      </Text>
    </>
  );
}

/** As high as a short list, so that nothing jumps when it comes. */
export function DefinitionTableSkeleton() {
  return (
    <div className={`panel ${classes.frame}`} role="status" aria-label="Loading definitions">
      {Array.from({ length: 8 }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of a skeleton are all alike
        <div key={row} className={classes.bone}>
          <Skeleton height={14} />
          <Skeleton height={14} width={90} />
          <Skeleton height={14} width={140} />
        </div>
      ))}
    </div>
  );
}

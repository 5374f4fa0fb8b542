import { Checkbox, Progress, Skeleton, Table } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { JobSummary } from "../../api/jobs.ts";
import { OutcomeLabel, outcomeOfJob } from "../../parts/outcome.tsx";
import { Ago, formatDuration, Since } from "../../parts/time.tsx";
import { triggerNames } from "../../parts/trigger.ts";
import classes from "./job-table.module.css";

interface JobTableProps {
  readonly jobs: readonly JobSummary[];
  readonly selected: ReadonlySet<string>;
  onSelect(selected: ReadonlySet<string>): void;
  /** Another page is on its way. */
  readonly isStale: boolean;
}

/** A page of jobs; on a phone each row becomes two lines. */
export function JobTable({ jobs, selected, onSelect, isStale }: JobTableProps) {
  const isAll = jobs.every(({ jobId }) => selected.has(jobId));

  function toggle(jobId: string): void {
    const next = new Set(selected);
    if (!next.delete(jobId)) next.add(jobId);
    onSelect(next);
  }

  return (
    <div className={`panel ${classes.frame}`} aria-busy={isStale} data-stale={isStale || undefined}>
      <Table className={classes.table} aria-label="Jobs">
        <Table.Thead className={classes.head}>
          <Table.Tr>
            <Table.Th className={classes.choice}>
              <Checkbox
                size="xs"
                aria-label="Choose all on this page"
                checked={isAll}
                indeterminate={!isAll && selected.size > 0}
                onChange={() => onSelect(new Set(isAll ? [] : jobs.map(({ jobId }) => jobId)))}
              />
            </Table.Th>
            <Table.Th className={classes.state}>State</Table.Th>
            <Table.Th>Job</Table.Th>
            <Table.Th className={classes.trigger}>Trigger</Table.Th>
            <Table.Th className={classes.time}>Created</Table.Th>
            <Table.Th className={classes.time}>Duration</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {jobs.map((job) => (
            <Row key={job.jobId} job={job} isSelected={selected.has(job.jobId)} onToggle={() => toggle(job.jobId)} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Row({ job, isSelected, onToggle }: { job: JobSummary; isSelected: boolean; onToggle: () => void }) {
  const name = job.jobDefinitionCode ?? job.jobType;
  return (
    <Table.Tr className={classes.row} data-selected={isSelected || undefined}>
      <Table.Td className={classes.choice}>
        <Checkbox size="xs" aria-label={`Choose ${name}, ${job.jobId}`} checked={isSelected} onChange={onToggle} />
      </Table.Td>
      <Table.Td className={classes.state}>
        <OutcomeLabel outcome={outcomeOfJob(job)} />
      </Table.Td>
      <Table.Td className={classes.job}>
        <Link to="/jobs/$jobId" params={{ jobId: job.jobId }} className={classes.name} preload="intent">
          {name}
        </Link>
        <div className={`${classes.detail} foreign`}>
          <Detail job={job} />
        </div>
      </Table.Td>
      <Table.Td className={classes.trigger}>{triggerNames[job.trigger.kind]}</Table.Td>
      <Table.Td className={classes.time}>
        <Ago time={job.createdAt} />
      </Table.Td>
      <Table.Td className={classes.time}>
        <Duration job={job} />
      </Table.Td>
    </Table.Tr>
  );
}

/** The line below the name: what is worth knowing of the job as it is. */
function Detail({ job }: { job: JobSummary }) {
  const { error, phase, progress, attempt, maxAttempts } = job;
  if (phase === "RUNNING" && progress && progress.total > 0) {
    const percent = Math.min(100, (progress.done / progress.total) * 100);
    return (
      <Progress value={percent} size="sm" aria-label={`${Math.round(percent)} % done`} className={classes.progress} />
    );
  }
  if (error) return <span className={error.code === "CANCELLED" ? "" : classes.error}>{error.message}</span>;
  if (job.jobDefinitionCode !== null) return job.jobType;
  return attempt > 1 ? `Attempt ${attempt} of ${maxAttempts}` : job.jobId;
}

function Duration({ job }: { job: JobSummary }) {
  if (job.durationMs !== null) return <span className="number">{formatDuration(job.durationMs)}</span>;
  if (job.phase === "RUNNING" && job.startedAt !== null) return <Since time={job.startedAt} />;
  return <span className="dim">–</span>;
}

/** As high as a page of jobs, so that nothing jumps when they come. */
export function JobTableSkeleton() {
  return (
    <div className={`panel ${classes.frame}`} role="status" aria-label="Loading jobs">
      {Array.from({ length: 12 }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of a skeleton are all alike
        <div key={row} className={classes.bone}>
          <Skeleton height={14} width={90} />
          <Skeleton height={14} />
          <Skeleton height={14} width={80} />
        </div>
      ))}
    </div>
  );
}

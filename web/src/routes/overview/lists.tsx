/** What runs, what failed last, and what fires next. */
import { Progress, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type CustomerOccurrence, comingOccurrencesQuery, startOf } from "../../api/customer-occurrences.ts";
import { type JobSummary, jobsQuery } from "../../api/jobs.ts";
import { useLive } from "../../api/live.ts";
import { OutcomeMark, outcomeOfJob } from "../../parts/outcome.tsx";
import { Problem } from "../../parts/problem.tsx";
import { Section } from "../../parts/section.tsx";
import { Ago, formatInstant, Since } from "../../parts/time.tsx";
import classes from "./lists.module.css";

const shown = 5;

/** Jobs that run, with how far they are. */
export function RunningNow() {
  const jobs = useQuery({ ...jobsQuery({ phase: "RUNNING", limit: shown }), ...useLive(true) });
  return (
    <Section title="Running now">
      <Rows
        query={jobs}
        items={jobs.data?.jobs}
        empty="Nothing runs. A job shows here from its start to its end, with its progress."
      >
        {(job) => <JobRow key={job.jobId} job={job} aside={job.startedAt && <Since time={job.startedAt} />} />}
      </Rows>
      {jobs.data?.nextCursor && (
        <Link to="/jobs" search={{ phase: "RUNNING" }} className={`link ${classes.more}`}>
          All that run
        </Link>
      )}
    </Section>
  );
}

/** Jobs that failed, with why. */
export function FailedLast() {
  const jobs = useQuery({ ...jobsQuery({ status: "FAILED", limit: shown }), ...useLive(true) });
  return (
    <Section title="Failed last">
      <Rows
        query={jobs}
        items={jobs.data?.jobs}
        empty="No job has failed. When one does, its reason stands here, and what to do about it on its page."
      >
        {(job) => <JobRow key={job.jobId} job={job} aside={<Ago time={job.finishedAt ?? job.createdAt} />} />}
      </Rows>
      {jobs.data?.nextCursor && (
        <Link to="/jobs" search={{ status: "FAILED" }} className={`link ${classes.more}`}>
          All that failed
        </Link>
      )}
    </Section>
  );
}

/** What schedules fire next. */
export function FiresNext() {
  const coming = useQuery({ ...comingOccurrencesQuery(shown), ...useLive(true) });
  return (
    <Section title="Fires next">
      <Rows
        query={coming}
        items={coming.data}
        empty="Nothing is scheduled in the next 7 days. Give a definition a schedule, and its next times stand here."
      >
        {(one) => <ComingRow key={`${one.jobDefinitionCode} ${startOf(one)}`} one={one} />}
      </Rows>
    </Section>
  );
}

function JobRow({ job, aside }: { job: JobSummary; aside: ReactNode }) {
  const { progress, error } = job;
  const percent = progress && progress.total > 0 ? Math.min(100, (progress.done / progress.total) * 100) : undefined;
  return (
    <li className={classes.row}>
      <OutcomeMark outcome={outcomeOfJob(job)} />
      <div className={classes.what}>
        <Link to="/jobs/$jobId" params={{ jobId: job.jobId }} className={classes.name} preload="intent">
          {job.jobDefinitionCode ?? job.jobType}
        </Link>
        {job.status === "STARTED" ? (
          <>
            <Progress
              value={percent ?? 0}
              size="sm"
              aria-label={percent === undefined ? "Its progress is not known" : `${Math.round(percent)} % done`}
            />
            <div className={`${classes.detail} foreign`}>{progress?.message ?? job.jobType}</div>
          </>
        ) : (
          <div className={`${classes.reason} foreign`} title={error?.message}>
            {error?.message ?? job.jobType}
          </div>
        )}
      </div>
      <div className={classes.aside}>{aside}</div>
    </li>
  );
}

function ComingRow({ one }: { one: CustomerOccurrence }) {
  const time = new Date(startOf(one)).toISOString();
  return (
    <li className={classes.row}>
      <OutcomeMark outcome="expected" />
      <div className={classes.what}>
        <Link
          to="/job-definitions/$code"
          params={{ code: one.jobDefinitionCode }}
          className={`${classes.name} foreign`}
        >
          {one.jobDefinitionCode}
        </Link>
        <div className={classes.when}>{formatInstant(time)}</div>
      </div>
      <div className={classes.aside}>
        <Ago time={time} />
      </div>
    </li>
  );
}

interface RowsProps<Item> {
  readonly query: { readonly isPending: boolean; readonly error: Error | null; refetch(): unknown };
  readonly items: readonly Item[] | undefined;
  readonly empty: string;
  readonly children: (item: Item) => ReactNode;
}

function Rows<Item>({ query, items, empty, children }: RowsProps<Item>) {
  if (items === undefined) {
    if (query.error) return <Problem error={query.error} onRetry={() => void query.refetch()} />;
    return <Skeleton height={96} role="status" aria-label="Loading" />;
  }
  if (items.length === 0) {
    return (
      <Text size="sm" className="dim">
        {empty}
      </Text>
    );
  }
  return <ul className={classes.list}>{items.map(children)}</ul>;
}

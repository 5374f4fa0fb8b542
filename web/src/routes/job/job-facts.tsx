import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Job } from "../../api/jobs.ts";
import { Ago, formatDuration, formatInstant } from "../../parts/time.tsx";
import { triggerNames } from "../../parts/trigger.ts";
import classes from "./job-facts.module.css";

/** What is known of a job besides its state. */
export function JobFacts({ job }: { job: Job }) {
  const { trigger, jobDefinitionCode, definitionVersion } = job;
  return (
    <dl className={classes.facts}>
      <Fact name="Trigger">
        {triggerNames[trigger.kind]}
        {trigger.by !== null && <span className="dim foreign"> by {trigger.by}</span>}
      </Fact>
      {trigger.scheduledFor !== null && <Fact name="Scheduled for">{formatInstant(trigger.scheduledFor)}</Fact>}
      {jobDefinitionCode !== null && (
        <Fact name="Definition">
          <Link to="/job-definitions/$code" params={{ code: jobDefinitionCode }} className="link foreign">
            {jobDefinitionCode}
          </Link>
          {definitionVersion !== null && <span className="dim"> version {definitionVersion}</span>}
        </Fact>
      )}
      <Fact name="Job type">
        <Link to="/jobs" search={{ type: job.jobType }} className="link">
          {job.jobType}
        </Link>
      </Fact>
      <Fact name="Created">
        {formatInstant(job.createdAt)}{" "}
        <span className="dim">
          (<Ago time={job.createdAt} />)
        </span>
      </Fact>
      {job.finishedAt !== null && <Fact name="Ended">{formatInstant(job.finishedAt)}</Fact>}
      {job.queueMs !== null && <Fact name="In the queue">{formatDuration(job.queueMs)}</Fact>}
      <Fact name="Attempt">
        {job.attempt} of {job.maxAttempts}
      </Fact>
      <Fact name="Priority">{job.priority}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

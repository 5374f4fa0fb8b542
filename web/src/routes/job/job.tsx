import { Anchor, Grid, Progress, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { attemptsQuery, type Job as JobAnswer, jobQuery } from "../../api/jobs.ts";
import { useLive } from "../../api/live.ts";
import { ProblemError } from "../../api/request.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { OutcomeLabel, outcomeOfJob } from "../../parts/outcome.tsx";
import { useDocumentTitle } from "../../parts/page.tsx";
import { Problem } from "../../parts/problem.tsx";
import { Section } from "../../parts/section.tsx";
import { Ticked } from "../../parts/ticked.tsx";
import { useNow } from "../../parts/time.tsx";
import { ValueView } from "../../parts/value/value-view.tsx";
import { explainJob } from "./explain.ts";
import { FilesReportSection, filesReportOf, StoredFile } from "./files-report.tsx";
import classes from "./job.module.css";
import { JobActions } from "./job-actions.tsx";
import { JobFacts } from "./job-facts.tsx";
import { JobLog } from "./job-log.tsx";
import { Waterfall } from "./waterfall.tsx";

/** Types whose result may name a file of a bucket; in those of others, such names are anybody's. */
const fetching: ReadonlySet<string> = new Set(["downloadFile", "callWebserviceEndpoint"]);

/** `/jobs/{jobId}`: what a job is doing, or has come to, and why. */
export function Job() {
  const { jobId } = useParams({ from: "/shell/jobs/$jobId" });
  const known = useQuery(jobQuery(jobId));
  const isLive = known.data?.status === "STARTED";
  const live = useLive(isLive);
  const job = useQuery({ ...jobQuery(jobId), ...live });
  const attempts = useQuery({ ...attemptsQuery(jobId), ...live });
  useDocumentTitle(job.data ? (job.data.jobDefinitionCode ?? job.data.jobType) : "Job");
  if (job.data) return <Details job={job.data} attempts={attempts.data ?? []} />;
  if (job.isError) {
    const isGone = job.error instanceof ProblemError && job.error.problem.status === 404;
    return isGone ? <NoJob jobId={jobId} /> : <Problem error={job.error} onRetry={() => void job.refetch()} />;
  }
  return <JobSkeleton />;
}

function Details({ job, attempts }: { job: JobAnswer; attempts: Parameters<typeof Waterfall>[0]["attempts"] }) {
  const now = useNow();
  const { sentence, remedy } = explainJob(job, now);
  const outcome = outcomeOfJob(job);
  const isFailed = outcome === "failed";
  const report = filesReportOf(job);
  return (
    <Stack gap="md" className={classes.page}>
      <header className={`panel ${classes.header}`} data-failed={isFailed || undefined}>
        <div className={classes.top}>
          <div className={classes.names}>
            <Anchor component={Link} to="/jobs" size="sm" className="dim">
              Jobs
            </Anchor>
            <Title order={1} className="foreign">
              {job.jobDefinitionCode ?? job.jobType}
            </Title>
            <div className={classes.id}>
              <code className="foreign">{job.jobId}</code>
              <CopyButton value={job.jobId} label="Copy the id" />
            </div>
          </div>
          <JobActions job={job} />
        </div>
        <div className={classes.state} role="status">
          <OutcomeLabel outcome={outcome} size="lg" />
          <Text className={`${classes.sentence} foreign`}>{sentence}</Text>
          {remedy && (
            <Text size="sm" className={classes.remedy}>
              <strong>What to do:</strong> <Ticked text={remedy} />
            </Text>
          )}
        </div>
        {job.status === "STARTED" && job.progress && <ProgressOf progress={job.progress} />}
      </header>
      <Section title="Timeline">
        <Waterfall job={job} attempts={attempts} now={now} />
      </Section>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Stack gap="md">
            {report && <FilesReportSection job={job} report={report} />}
            {!report && job.error && Object.keys(job.error.details).length > 0 && (
              <Section title="What is known of the failure">
                <ValueView value={job.error.details} name={`${job.jobId}-error`} label="Failure" />
              </Section>
            )}
            {!report && job.status === "COMPLETED" && (
              <Section title="Result">
                {fetching.has(job.jobType) && <StoredFile result={job.result} />}
                <ValueView value={job.result} name={`${job.jobId}-result`} label="Result" />
              </Section>
            )}
            <Section title="Log">
              <JobLog key={job.jobId} jobId={job.jobId} isOver={job.status !== "STARTED"} />
            </Section>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack gap="md">
            <Section title="Facts">
              <JobFacts job={job} />
            </Section>
            <Section title="Params">
              <ValueView value={job.params} name={`${job.jobId}-params`} label="Params" />
            </Section>
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function ProgressOf({ progress }: { progress: NonNullable<JobAnswer["progress"]> }) {
  const { done, total, message } = progress;
  const percent = total > 0 ? Math.min(100, (done / total) * 100) : 0;
  return (
    <div className={classes.progress}>
      <Progress value={percent} size="md" aria-label={`${Math.round(percent)} % done`} />
      <Text size="sm" className="dim foreign">
        {done.toLocaleString()} of {total.toLocaleString()}
        {message === null ? "" : `: ${message}`}
      </Text>
    </div>
  );
}

function NoJob({ jobId }: { jobId: string }) {
  return (
    <Stack gap="sm" className={classes.page}>
      <Title order={1}>There is no such job</Title>
      <Text className="foreign">
        Nothing is known of <code>{jobId}</code>. It may be older than this node keeps jobs, or belong to another
        customer.
      </Text>
      <Text>
        <Link to="/jobs" className="link">
          Look for it among the jobs
        </Link>
      </Text>
    </Stack>
  );
}

function JobSkeleton() {
  return (
    <Stack gap="md" className={classes.page} role="status" aria-label="Loading the job">
      <Skeleton height={172} />
      <Skeleton height={120} />
      <Skeleton height={260} />
    </Stack>
  );
}

import { Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { jobsQuery } from "../../api/jobs.ts";
import { useLive } from "../../api/live.ts";
import { OutcomeLabel, outcomeOfJob } from "../../parts/outcome.tsx";
import { Problem } from "../../parts/problem.tsx";
import { Ago, formatDuration } from "../../parts/time.tsx";
import { triggerNames } from "../../parts/trigger.ts";
import classes from "./rows.module.css";

/** The definition's last ten jobs. */
export function DefinitionJobs({ code }: { code: string }) {
  const jobs = useQuery({ ...jobsQuery({ jobDefinitionCode: code, limit: 10 }), ...useLive(true) });
  if (jobs.isPending) return <Skeleton height={120} />;
  if (jobs.isError && !jobs.data) return <Problem error={jobs.error} onRetry={() => void jobs.refetch()} />;
  const shown = jobs.data?.jobs ?? [];
  if (shown.length === 0) {
    return (
      <Text size="sm" className="dim">
        None yet.
      </Text>
    );
  }
  return (
    <>
      <ul className={classes.rows}>
        {shown.map((job) => (
          <li key={job.jobId} className={classes.row}>
            <OutcomeLabel outcome={outcomeOfJob(job)} />
            <div className={classes.middle}>
              <Link to="/jobs/$jobId" params={{ jobId: job.jobId }} className={classes.name}>
                {job.error?.message ?? triggerNames[job.trigger.kind]}
              </Link>
            </div>
            <span className="dim">
              {job.durationMs !== null && <span className="number">{formatDuration(job.durationMs)} · </span>}
              <Ago time={job.createdAt} />
            </span>
          </li>
        ))}
      </ul>
      <Text size="sm" mt="sm">
        <Link to="/jobs" search={{ definition: code }} className="link">
          All of its jobs
        </Link>
      </Text>
    </>
  );
}

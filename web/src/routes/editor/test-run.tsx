import { Button, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { executeJobType } from "../../api/job-types.ts";
import { jobQuery } from "../../api/jobs.ts";
import { useLive } from "../../api/live.ts";
import { PlayIcon } from "../../parts/icons.tsx";
import { OutcomeLabel, outcomeOfJob } from "../../parts/outcome.tsx";
import { Problem } from "../../parts/problem.tsx";
import { ValueView } from "../../parts/value/value-view.tsx";
import type { Draft } from "./draft.ts";
import classes from "./test-run.module.css";

/** Runs what is written once, for real, before it is saved. `onFault` hears of params that were refused. */
export function TestRun({ draft, onFault }: { draft: Draft; onFault: (error: Error | null) => void }) {
  const run = useMutation({
    mutationFn: () =>
      executeJobType(draft.jobType, { params: draft.params, options: { ...draft.options, retry: null } }),
    onMutate: () => onFault(null),
    onError: (error) => onFault(error),
  });
  return (
    <>
      <Button variant="default" leftSection={<PlayIcon />} loading={run.isPending} onClick={() => run.mutate()}>
        Test run
      </Button>
      {run.isError && <Problem error={run.error} title="It was not run" />}
      {run.data && <Outcome key={run.data.jobId} jobId={run.data.jobId} />}
    </>
  );
}

function Outcome({ jobId }: { jobId: string }) {
  const known = useQuery(jobQuery(jobId));
  const job = useQuery({ ...jobQuery(jobId), ...useLive(known.data === undefined || known.data.status === "STARTED") });
  if (!job.data) return null;
  return (
    <section className={classes.outcome} aria-label="Test run">
      <Stack gap="sm">
        <div role="status">
          <OutcomeLabel outcome={outcomeOfJob(job.data)} />
        </div>
        {job.data.error && (
          <Text size="sm" className="foreign">
            {job.data.error.message}
          </Text>
        )}
        {job.data.status === "COMPLETED" && (
          <ValueView value={job.data.result} name={`${jobId}-result`} label="Result" />
        )}
        <Text size="sm">
          <Link to="/jobs/$jobId" params={{ jobId }} target="_blank" className="link">
            All about this job, in a new tab
          </Link>
        </Text>
      </Stack>
    </section>
  );
}

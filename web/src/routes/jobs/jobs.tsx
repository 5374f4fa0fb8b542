import { Button, Group, Switch, Text } from "@mantine/core";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { cancelJob, jobsQuery, rerunJob } from "../../api/jobs.ts";
import { useLive } from "../../api/live.ts";
import { Page } from "../../parts/page.tsx";
import { Problem } from "../../parts/problem.tsx";
import { useNow } from "../../parts/time.tsx";
import { useBulk } from "../../parts/use-bulk.ts";
import { BulkBar } from "./bulk-bar.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { JobTable, JobTableSkeleton } from "./job-table.tsx";
import { NoJobs } from "./no-jobs.tsx";
import { countFilters, type JobsSearch, toJobQuery, withoutAbsent } from "./search.ts";

const pageSize = 50;

/** `/jobs`: all jobs, newest first. */
export function Jobs() {
  const search = useSearch({ from: "/shell/jobs" });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [isLive, setLive] = useState(true);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const bulk = useBulk();
  const isFirstPage = search.cursor === undefined;
  // Rows do not move under the pointer of somebody who is choosing some.
  const live = useLive(isLive && isFirstPage && selected.size === 0);
  const query = toJobQuery(search, pageSize, useNow());
  const page = useQuery({ ...jobsQuery(query), ...live, placeholderData: keepPreviousData });
  const jobs = page.data?.jobs ?? [];
  const further = page.data?.nextCursor ?? null;
  const chosen = jobs.filter(({ jobId }) => selected.has(jobId));

  function go(next: JobsSearch): void {
    setSelected(new Set());
    void navigate({ to: "/jobs", search: withoutAbsent(next) });
  }

  async function runBulk(ids: readonly string[], work: (jobId: string) => Promise<unknown>, verb: string) {
    await bulk.run(ids, work, verb);
    setSelected(new Set());
    await queries.invalidateQueries({ queryKey: ["jobs"] });
  }

  return (
    <Page
      title="Jobs"
      actions={
        <Switch
          label="Live"
          checked={isLive && isFirstPage}
          disabled={!isFirstPage}
          onChange={({ currentTarget }) => setLive(currentTarget.checked)}
        />
      }
    >
      <FilterBar search={search} onChange={go} />
      {page.isError && !page.data && <Problem error={page.error} onRetry={() => void page.refetch()} />}
      {page.isPending && <JobTableSkeleton />}
      {page.data && jobs.length === 0 && (
        <NoJobs
          isFiltered={countFilters(search) > 0}
          onFurther={further === null ? undefined : () => go({ ...search, cursor: further })}
          onClear={() => go({})}
        />
      )}
      {jobs.length > 0 && (
        <JobTable jobs={jobs} selected={selected} onSelect={setSelected} isStale={page.isPlaceholderData} />
      )}
      <BulkBar
        jobs={chosen}
        progress={bulk.progress}
        onCancel={(ids) => void runBulk(ids, cancelJob, "told to stop")}
        onRerun={(ids) => void runBulk(ids, (jobId) => rerunJob(jobId), "started again")}
        onClear={() => setSelected(new Set())}
      />
      {page.data && (!isFirstPage || further !== null) && (
        <Group justify="space-between">
          <Button variant="default" disabled={isFirstPage} onClick={() => go({ ...search, cursor: undefined })}>
            Newest
          </Button>
          <Text size="sm" className="dim">
            {pageSize} on a page, newest first
          </Text>
          <Button
            variant="default"
            disabled={further === null}
            loading={page.isPlaceholderData}
            onClick={() => go({ ...search, cursor: further ?? undefined })}
          >
            Older
          </Button>
        </Group>
      )}
    </Page>
  );
}

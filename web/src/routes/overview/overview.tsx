import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { jobDefinitionsQuery } from "../../api/job-definitions.ts";
import { jobsQuery } from "../../api/jobs.ts";
import { useLive } from "../../api/live.ts";
import { FirstCall } from "../../parts/first-call.tsx";
import { Page } from "../../parts/page.tsx";
import { Health } from "./health.tsx";
import { FailedLast, FiresNext, RunningNow } from "./lists.tsx";
import { MailWaits } from "./mail-waits.tsx";
import classes from "./overview.module.css";
import { Timeline } from "./timeline.tsx";

/** `/`: whether all is well, at a glance. */
export function Overview() {
  const { window = "24h" } = useSearch({ from: "/shell/" });
  const navigate = useNavigate();
  return (
    <Page title="Overview">
      <Beginning />
      <MailWaits />
      <Health />
      <div className={classes.lists}>
        <RunningNow />
        <FailedLast />
        <FiresNext />
      </div>
      <Timeline
        window={window}
        onWindow={(next) => void navigate({ to: "/", search: next === "24h" ? {} : { window: next }, replace: true })}
      />
    </Page>
  );
}

/** Where there is nothing at all yet: how to begin. */
function Beginning() {
  const jobs = useQuery({ ...jobsQuery({ limit: 1 }), ...useLive(true) });
  const hasNoJob = jobs.data?.jobs.length === 0;
  const definitions = useQuery({ ...jobDefinitionsQuery, enabled: hasNoJob });
  if (!hasNoJob || definitions.data?.length !== 0) return null;
  return (
    <section className={`panel ${classes.beginning}`} aria-label="How to begin">
      <FirstCall />
    </section>
  );
}

import { Anchor, Grid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { type JobDefinition, jobDefinitionQuery } from "../../api/job-definitions.ts";
import { useLive } from "../../api/live.ts";
import { ProblemError } from "../../api/request.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { StateOf } from "../../parts/definition-state.tsx";
import { useDocumentTitle } from "../../parts/page.tsx";
import { Problem } from "../../parts/problem.tsx";
import { ScheduleSummary } from "../../parts/schedule/schedule-summary.tsx";
import { Section } from "../../parts/section.tsx";
import { Ago } from "../../parts/time.tsx";
import { ValueView } from "../../parts/value/value-view.tsx";
import classes from "./definition.module.css";
import { DefinitionActions } from "./definition-actions.tsx";
import { DefinitionJobs } from "./definition-jobs.tsx";
import { History } from "./history.tsx";
import { Ledger } from "./ledger.tsx";

/** `/job-definitions/{code}`: when it runs, what came of it, and what can be done with it. */
export function Definition() {
  const { code } = useParams({ from: "/shell/job-definitions/$code" });
  const definition = useQuery({ ...jobDefinitionQuery(code), ...useLive(true) });
  useDocumentTitle(definition.data?.name ?? "Definition");
  if (definition.isError) {
    const isGone = definition.error instanceof ProblemError && definition.error.problem.status === 404;
    if (isGone) return <NoDefinition code={code} />;
    if (!definition.data) return <Problem error={definition.error} onRetry={() => void definition.refetch()} />;
  }
  return definition.data ? <Details definition={definition.data} /> : <DefinitionSkeleton />;
}

function Details({ definition }: { definition: JobDefinition }) {
  const { jobDefinitionCode: code, name, description, jobType, schedule, params, options } = definition;
  return (
    <Stack gap="md" className={classes.page}>
      <header className={`panel ${classes.header}`} data-paused={definition.paused || undefined}>
        <div className={classes.top}>
          <div className={classes.names}>
            <Anchor component={Link} to="/job-definitions" size="sm" className="dim">
              Definitions
            </Anchor>
            <Title order={1} className="foreign">
              {name}
            </Title>
            <div className={classes.id}>
              <code className="foreign">{code}</code>
              <CopyButton value={code} label="Copy the code" />
              <span className="foreign">· {jobType}</span>
            </div>
          </div>
          <DefinitionActions definition={definition} />
        </div>
        {description !== "" && (
          <Text size="sm" mt="sm" className={`${classes.description} foreign`}>
            {description}
          </Text>
        )}
        <div className={classes.state} role="status">
          <StateOf definition={definition} />
          <Text size="sm" className={`${classes.sentence} foreign`}>
            <Sentence definition={definition} />
          </Text>
        </div>
      </header>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Stack gap="md">
            {schedule && (
              <Section title="What came of its occurrences">
                <Ledger key={code} code={code} />
              </Section>
            )}
            <Section title="Jobs">
              <DefinitionJobs code={code} />
            </Section>
            <Section title="History">
              <History definition={definition} />
            </Section>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Stack gap="md">
            <Section title="Schedule">
              {schedule ? (
                <ScheduleSummary schedule={schedule} />
              ) : (
                <Text size="sm" className="dim">
                  It has none: it runs when somebody or a program runs it.
                </Text>
              )}
            </Section>
            <Section title="Params">
              <ValueView value={params} name={`${code}-params`} label="Params" />
            </Section>
            <Section title="Options">
              <ValueView value={options} name={`${code}-options`} label="Options" />
            </Section>
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

/** What the state means, in a sentence. */
function Sentence({ definition: { paused, pausedBy, schedule, nextFireAt } }: { definition: JobDefinition }) {
  if (paused) {
    return (
      <>
        Its schedule does not fire{pausedBy === null ? "" : `: ${pausedBy} paused it`}. What falls due meanwhile is
        skipped; it still runs when you run it.
      </>
    );
  }
  if (schedule === null) return "It runs when somebody or a program runs it.";
  if (nextFireAt === null) return "Its schedule has no occurrence ahead.";
  return (
    <>
      It fires next <Ago time={nextFireAt} />.
    </>
  );
}

function NoDefinition({ code }: { code: string }) {
  return (
    <Stack gap="sm" className={classes.page}>
      <Title order={1}>There is no such definition</Title>
      <Text className="foreign">
        Nothing is known of <code>{code}</code>. It may have been deleted, or belong to another customer. Its jobs are
        still{" "}
        <Link to="/jobs" search={{ definition: code }} className="link">
          among the jobs
        </Link>
        .
      </Text>
      <Text>
        <Link to="/job-definitions" className="link">
          Look for it among the definitions
        </Link>
      </Text>
    </Stack>
  );
}

function DefinitionSkeleton() {
  return (
    <Stack gap="md" className={classes.page} role="status" aria-label="Loading the definition">
      <Skeleton height={150} />
      <Skeleton height={260} />
      <Skeleton height={260} />
    </Stack>
  );
}

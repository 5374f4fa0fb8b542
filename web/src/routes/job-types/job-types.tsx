import { SimpleGrid, Skeleton, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { jobTypesQuery } from "../../api/job-types.ts";
import { Page } from "../../parts/page.tsx";
import { Problem } from "../../parts/problem.tsx";
import classes from "./job-types.module.css";

/** `/job-types`: what this node can do. */
export function JobTypes() {
  const types = useQuery(jobTypesQuery);
  return (
    <Page title="Job types">
      <Text size="sm" className="dim">
        A job type is a kind of work. A definition names one, with params and a schedule; or run it once, from its page.
      </Text>
      {types.isPending && <Skeleton height={120} role="status" aria-label="Loading job types" />}
      {types.isError && !types.data && <Problem error={types.error} onRetry={() => void types.refetch()} />}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="md">
        {types.data?.map(({ jobTypeCode, name, description }) => (
          <article key={jobTypeCode} className={`panel ${classes.type}`}>
            <Title order={2}>
              <Link to="/job-types/$jobType" params={{ jobType: jobTypeCode }} className={classes.name}>
                {name}
              </Link>
            </Title>
            <code className="dim">{jobTypeCode}</code>
            <Text size="sm">{description}</Text>
          </article>
        ))}
      </SimpleGrid>
    </Page>
  );
}

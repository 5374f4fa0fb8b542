import { Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { jobTypesQuery } from "../../api/job-types.ts";
import { Problem } from "../../parts/problem.tsx";
import classes from "./type-picker.module.css";

/** What kinds of work there are, each in a sentence. */
export function TypePicker() {
  const types = useQuery(jobTypesQuery);
  if (types.isPending) return <Skeleton height={240} />;
  if (types.isError) return <Problem error={types.error} onRetry={() => void types.refetch()} />;
  return (
    <Stack gap="md">
      <Text size="sm">What should it do?</Text>
      <ul className={classes.types} aria-label="Job types">
        {types.data.map(({ jobTypeCode, name, description }) => (
          <li key={jobTypeCode} className={`panel ${classes.type}`}>
            <Link to="/job-definitions/~new" search={{ type: jobTypeCode }} className={classes.name}>
              {name}
            </Link>
            <Text size="sm" className="dim">
              {description}
            </Text>
            <Text size="xs" className="dim">
              <code>{jobTypeCode}</code>
            </Text>
          </li>
        ))}
      </ul>
    </Stack>
  );
}

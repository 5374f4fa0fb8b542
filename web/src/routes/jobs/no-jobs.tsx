import { Button, Stack, Text, Title } from "@mantine/core";
import { FirstCall } from "../../parts/first-call.tsx";
import classes from "./no-jobs.module.css";

interface NoJobsProps {
  readonly isFiltered: boolean;
  /** Looks on where this page stopped; undefined where there is nothing further. */
  readonly onFurther: (() => void) | undefined;
  onClear(): void;
}

/** Instead of an empty list: how to make the first job, how to look further, or how to see others. */
export function NoJobs({ isFiltered, onFurther, onClear }: NoJobsProps) {
  if (onFurther) {
    return (
      <div className={`panel ${classes.empty}`}>
        <Stack align="flex-start" gap="sm">
          <Title order={2}>None of these fits</Title>
          <Text size="sm">A page looks through 10,000 jobs at most, and none of them fits. Older ones may.</Text>
          <Button size="sm" onClick={onFurther}>
            Look further
          </Button>
        </Stack>
      </div>
    );
  }
  return (
    <div className={`panel ${classes.empty}`}>
      {isFiltered ? (
        <Stack align="flex-start" gap="sm">
          <Title order={2}>No job fits these filters</Title>
          <Button variant="default" size="sm" onClick={onClear}>
            Clear the filters
          </Button>
        </Stack>
      ) : (
        <FirstCall />
      )}
    </div>
  );
}

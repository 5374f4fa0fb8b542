import { Button, Stack, Title } from "@mantine/core";
import { FirstCall } from "../../parts/first-call.tsx";
import classes from "./no-jobs.module.css";

/** Instead of an empty list: how to make the first job, or how to see others. */
export function NoJobs({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
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

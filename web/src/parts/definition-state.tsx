import { Text } from "@mantine/core";
import type { JobDefinition } from "../api/job-definitions.ts";
import classes from "./definition-state.module.css";

/** Whether a definition's schedule fires, in a word; why it is paused below. */
export function StateOf({
  definition,
}: {
  definition: Pick<JobDefinition, "paused" | "pausedReason" | "schedule" | "nextFireAt">;
}) {
  const { paused, pausedReason, schedule, nextFireAt } = definition;
  const state = paused ? "paused" : schedule === null ? "none" : nextFireAt === null ? "ended" : "active";
  return (
    <>
      <span className={classes.state} data-state={state}>
        {stateNames[state]}
      </span>
      {paused && pausedReason !== null && (
        <Text size="xs" className="dim foreign" lineClamp={1} title={pausedReason}>
          {pausedReason}
        </Text>
      )}
    </>
  );
}

const stateNames = { paused: "Paused", none: "No schedule", ended: "Ended", active: "Active" } as const;

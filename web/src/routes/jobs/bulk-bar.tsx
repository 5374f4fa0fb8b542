import { Button, Group, Modal, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { JobSummary } from "../../api/jobs.ts";
import { RerunIcon, StopIcon } from "../../parts/icons.tsx";
import classes from "./bulk-bar.module.css";

interface BulkBarProps {
  readonly jobs: readonly JobSummary[];
  readonly progress: { readonly done: number; readonly total: number } | undefined;
  onCancel(ids: readonly string[]): void;
  onRerun(ids: readonly string[]): void;
  onClear(): void;
}

/** What can be done to the jobs that were chosen; each button counts those to which it applies. */
export function BulkBar({ jobs, progress, onCancel, onRerun, onClear }: BulkBarProps) {
  const [isAsking, { open, close }] = useDisclosure(false);
  const running = jobs.filter(({ status }) => status === "STARTED").map(({ jobId }) => jobId);
  const ended = jobs.filter(({ status }) => status !== "STARTED").map(({ jobId }) => jobId);
  if (jobs.length === 0 && !progress) return null;
  return (
    <section className={classes.bar} aria-label="Chosen jobs">
      <Text size="sm" role="status">
        {progress ? `${progress.done} of ${progress.total} done` : `${jobs.length} chosen`}
      </Text>
      <Group gap="sm">
        <Button
          size="xs"
          leftSection={<RerunIcon size={16} />}
          disabled={ended.length === 0 || progress !== undefined}
          onClick={() => onRerun(ended)}
        >
          Rerun {ended.length || ""}
        </Button>
        <Button
          size="xs"
          color="red"
          variant="outline"
          leftSection={<StopIcon size={16} />}
          disabled={running.length === 0 || progress !== undefined}
          onClick={open}
        >
          Cancel {running.length || ""}
        </Button>
        <Button size="xs" variant="subtle" onClick={onClear}>
          Choose none
        </Button>
      </Group>
      <Modal opened={isAsking} onClose={close} title={`Cancel ${running.length} jobs?`} centered>
        <Text size="sm">
          Those that run are told to stop and end within ten seconds; the others end at once. They count as failed, with
          the code CANCELLED, and can be run again.
        </Text>
        <Group justify="flex-end" mt="md" gap="sm">
          <Button variant="default" onClick={close}>
            Keep them
          </Button>
          <Button
            color="red"
            onClick={() => {
              close();
              onCancel(running);
            }}
          >
            Cancel {running.length} jobs
          </Button>
        </Group>
      </Modal>
    </section>
  );
}

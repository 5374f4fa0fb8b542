import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Problem } from "./problem.tsx";

interface ConfirmProps {
  /** The question. */
  readonly title: string;
  /** What it means. */
  readonly children: ReactNode;
  /** What the button says that does it. */
  readonly action: string;
  readonly isBusy: boolean;
  /** Whether it cannot be done as things are. */
  readonly isImpossible?: boolean;
  readonly error: Error | null;
  onConfirm(): void;
  onClose(): void;
}

/** Asks before what cannot be undone. */
export function Confirm({
  title,
  children,
  action,
  isBusy,
  isImpossible = false,
  error,
  onConfirm,
  onClose,
}: ConfirmProps) {
  return (
    <Modal opened onClose={onClose} title={title} centered>
      <Stack gap="md">
        <Text size="sm" component="div">
          {children}
        </Text>
        {error && <Problem error={error} />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button color="red" loading={isBusy} disabled={isImpossible} onClick={onConfirm}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import classes from "./params-dialog.module.css";
import { Problem } from "./problem.tsx";

interface ParamsDialogProps {
  readonly title: string;
  /** What will be done with them. */
  readonly explanation: string;
  readonly params: Record<string, unknown>;
  readonly error: Error | null;
  readonly isBusy: boolean;
  onSubmit(params: Record<string, unknown>): void;
  onClose(): void;
}

/** Params as JSON, to run something with others. */
export function ParamsDialog({ title, explanation, params, error, isBusy, onSubmit, onClose }: ParamsDialogProps) {
  const [text, setText] = useState(() => JSON.stringify(params, null, 2));
  const [fault, setFault] = useState<string>();

  function submit(): void {
    const read = readObject(text);
    if (typeof read === "string") setFault(read);
    else onSubmit(read);
  }

  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <Stack gap="md">
        <Text size="sm" className="dim">
          {explanation}
        </Text>
        <Textarea
          label="Params (JSON)"
          autosize
          minRows={8}
          maxRows={24}
          spellCheck={false}
          value={text}
          error={fault}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value);
            setFault(undefined);
          }}
          classNames={{ input: classes.input }}
          data-autofocus
        />
        {error && <Problem error={error} title="The params were refused" />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button loading={isBusy} onClick={submit}>
            Run
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** @returns the object, or what is wrong with the text */
function readObject(text: string): Record<string, unknown> | string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
    return 'Params are an object: {"name": value}';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

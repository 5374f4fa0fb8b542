import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { Problem } from "../../parts/problem.tsx";
import classes from "./edit-params.module.css";

interface EditParamsProps {
  readonly params: Record<string, unknown>;
  readonly error: Error | null;
  readonly isBusy: boolean;
  onSubmit(params: Record<string, unknown>): void;
  onClose(): void;
}

/** Params of a job as JSON, to run it again with others. */
export function EditParams({ params, error, isBusy, onSubmit, onClose }: EditParamsProps) {
  const [text, setText] = useState(() => JSON.stringify(params, null, 2));
  const [fault, setFault] = useState<string>();

  function submit(): void {
    const read = readObject(text);
    if (typeof read === "string") setFault(read);
    else onSubmit(read);
  }

  return (
    <Modal opened onClose={onClose} title="Rerun with other params" size="lg">
      <Stack gap="md">
        <Text size="sm" className="dim">
          The new job takes type and options of this one. Fields that you take out keep the value they had.
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

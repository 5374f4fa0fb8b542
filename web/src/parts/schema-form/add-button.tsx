import { Button } from "@mantine/core";
import type { IconButtonProps } from "@rjsf/utils";
import { PlusIcon } from "../icons.tsx";

/** Adds an entry to a list, or a name to an object of free names. */
export function AddButton({ id, onClick, disabled }: IconButtonProps) {
  return (
    <Button
      id={id}
      size="compact-sm"
      variant="default"
      leftSection={<PlusIcon size={14} />}
      disabled={disabled}
      onClick={onClick}
    >
      Add
    </Button>
  );
}

import { Group, Text } from "@mantine/core";
import type { DescriptionFieldProps, TitleFieldProps } from "@rjsf/utils";

/** The title of a group of fields; not a heading, whose depth in the page it could not know. */
export function TitleTemplate({ id, title, optionalDataControl }: TitleFieldProps) {
  return (
    <Group gap="sm" component="span">
      <Text component="span" id={id} size="sm" fw={550}>
        {title}
      </Text>
      {optionalDataControl}
    </Group>
  );
}

/** What a group of fields is for. */
export function DescriptionTemplate({ id, description }: DescriptionFieldProps) {
  if (!description) return null;
  return (
    <Text id={id} size="xs" className="dim" mb="xs">
      {description}
    </Text>
  );
}

import { Group, Stack, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import classes from "./page.module.css";

/** The frame of every page: its heading, what can be done there, and its content. Sets the document's title. */
export function Page({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  useDocumentTitle(title);
  return (
    <Stack gap="md" className={classes.page}>
      <Group justify="space-between" gap="sm">
        <Title order={1}>{title}</Title>
        {actions && <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

/** Names the tab. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Punctual`;
  }, [title]);
}

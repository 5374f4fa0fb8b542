import { Container } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { Problem } from "./problem.tsx";

/** Shows what a page threw instead of the page. */
export function RouteFailure({ error, reset }: ErrorComponentProps) {
  const shown = error instanceof Error ? error : new Error(String(error));
  return (
    <Container size="sm" py="xl">
      <Problem error={shown} title="This page could not be shown" onRetry={reset} />
    </Container>
  );
}

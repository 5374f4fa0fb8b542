import { Alert, Button, Group, List, Stack, Text } from "@mantine/core";
import { ProblemError } from "../api/request.ts";
import { Ticked } from "./ticked.tsx";

/** An error in words: what happened, what to do, and a way to try again. */
export function Problem({ error, onRetry, title }: { error: Error; onRetry?: () => void; title?: string }) {
  const problem = error instanceof ProblemError ? error.problem : undefined;
  const faults = problem?.errors ?? [];
  return (
    <Alert variant="outline" color="red" role="alert" title={title ?? problem?.title ?? "That did not work"}>
      <Stack gap="sm">
        <Text size="sm" className="foreign">
          {error.message}
        </Text>
        {faults.length > 1 && (
          <List size="sm">
            {faults.map(({ path, message }) => (
              <List.Item key={path + message} className="foreign">
                <code>{path}</code> {message}
              </List.Item>
            ))}
          </List>
        )}
        {problem?.remedy && (
          <Text size="sm" className="dim">
            <Ticked text={problem.remedy} />
          </Text>
        )}
        {(onRetry || problem?.status === 500) && (
          <Group gap="sm">
            {onRetry && (
              <Button size="xs" variant="default" onClick={onRetry}>
                Try again
              </Button>
            )}
            {problem && <Text size="xs" className="dim">{`Request ${problem.requestId}`}</Text>}
          </Group>
        )}
      </Stack>
    </Alert>
  );
}

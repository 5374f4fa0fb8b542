import { Button, Code, Group, Skeleton, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { deleteSecret, type Secret, secretsQuery } from "../../api/secrets.ts";
import { Confirm } from "../../parts/confirm.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Page } from "../../parts/page.tsx";
import { PlainTable } from "../../parts/plain-table.tsx";
import { Problem } from "../../parts/problem.tsx";
import { Section } from "../../parts/section.tsx";
import { Ago } from "../../parts/time.tsx";
import { SecretDialog } from "./secret-dialog.tsx";

/** `/secrets`: what jobs may know and nobody sees. */
export function Secrets() {
  const [cursor, setCursor] = useState<string>();
  const secrets = useQuery(secretsQuery(cursor));
  const queries = useQueryClient();
  const [edited, setEdited] = useState<Secret | "new">();
  const [doomed, setDoomed] = useState<Secret>();
  const removal = useMutation({
    mutationFn: (secret: Secret) => deleteSecret(secret.secretCode),
    onSuccess: async () => {
      setDoomed(undefined);
      await queries.invalidateQueries({ queryKey: ["secrets"] });
    },
  });
  const list = secrets.data?.secrets ?? [];
  return (
    <Page title="Secrets" actions={<Button onClick={() => setEdited("new")}>New secret</Button>}>
      <Text size="sm" className="dim">
        A password or token that params refer to as <Code>{"{{secrets.CODE}}"}</Code>. The value is encrypted, is put in
        when a job runs, and is hidden wherever it would show. Nothing shows it again, not here either.
      </Text>
      {secrets.isPending && <Skeleton height={160} role="status" aria-label="Loading secrets" />}
      {secrets.isError && !secrets.data && <Problem error={secrets.error} onRetry={() => void secrets.refetch()} />}
      {secrets.data && list.length === 0 && cursor === undefined && (
        <Section title="No secrets yet">
          <Text size="sm">
            Keep a token out of definitions: make a secret with the code <Code>apiToken</Code>, and write{" "}
            <Code>{'"Authorization": "Bearer {{secrets.apiToken}}"'}</Code> into the headers of a call. Limit it to the
            hosts that it is for, and it goes nowhere else.
          </Text>
        </Section>
      )}
      {list.length > 0 && (
        <div className="panel">
          <PlainTable label="Secrets" headings={["Code", "May be sent to", "Changed", "By", "What can be done"]}>
            {list.map((secret) => (
              <tr key={secret.secretCode}>
                <td>
                  <Group gap="xs" wrap="nowrap">
                    <code className="foreign">{secret.secretCode}</code>
                    <CopyButton value={`{{secrets.${secret.secretCode}}}`} label="Copy the reference" />
                  </Group>
                </td>
                <td className="foreign">{secret.hosts?.join(", ") ?? <span className="dim">any host</span>}</td>
                <td data-label="Changed">
                  <Ago time={secret.updatedAt} />
                </td>
                <td className="foreign">{secret.updatedBy}</td>
                <td>
                  <Button
                    size="xs"
                    variant="subtle"
                    aria-label={`Replace ${secret.secretCode}`}
                    onClick={() => setEdited(secret)}
                  >
                    Replace
                  </Button>
                  <Button
                    size="xs"
                    variant="subtle"
                    color="red"
                    aria-label={`Delete ${secret.secretCode}`}
                    onClick={() => setDoomed(secret)}
                  >
                    Delete
                  </Button>
                </td>
              </tr>
            ))}
          </PlainTable>
        </div>
      )}
      {(cursor !== undefined || secrets.data?.nextCursor) && (
        <Group justify="space-between">
          <Button variant="default" disabled={cursor === undefined} onClick={() => setCursor(undefined)}>
            First
          </Button>
          <Button
            variant="default"
            disabled={!secrets.data?.nextCursor}
            onClick={() => setCursor(secrets.data?.nextCursor ?? undefined)}
          >
            Next
          </Button>
        </Group>
      )}
      {edited && <SecretDialog secret={edited === "new" ? undefined : edited} onClose={() => setEdited(undefined)} />}
      {doomed && (
        <Confirm
          title={`Delete ${doomed.secretCode}?`}
          action="Delete the secret"
          isBusy={removal.isPending}
          error={removal.error}
          onConfirm={() => removal.mutate(doomed)}
          onClose={() => {
            setDoomed(undefined);
            removal.reset();
          }}
        >
          Its value is gone for good. Jobs whose params refer to it fail with SECRET_NOT_FOUND from their next run on.
        </Confirm>
      )}
    </Page>
  );
}

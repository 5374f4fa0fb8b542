import { Button, Group, Modal, Select, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type ApiKey, apiKeysQuery, createApiKey, revokeApiKey } from "../../api/access.ts";
import { CodeBlock } from "../../parts/code-block.tsx";
import { Confirm } from "../../parts/confirm.tsx";
import { PlainTable } from "../../parts/plain-table.tsx";
import { Problem } from "../../parts/problem.tsx";
import { Section } from "../../parts/section.tsx";
import { Ago } from "../../parts/time.tsx";
import { type RoleName, roleOptions, toRole } from "./roles.ts";

/** The keys by which programs and people come in. */
export function ApiKeys() {
  const [cursor, setCursor] = useState<string>();
  const keys = useQuery(apiKeysQuery(cursor));
  const queries = useQueryClient();
  const [isMaking, setMaking] = useState(false);
  const [doomed, setDoomed] = useState<ApiKey>();
  const removal = useMutation({
    mutationFn: ({ apiKeyId }: ApiKey) => revokeApiKey(apiKeyId),
    onSuccess: async () => {
      setDoomed(undefined);
      await queries.invalidateQueries({ queryKey: ["api-keys"] });
    },
  });
  return (
    <Section
      title="API keys"
      actions={
        <Button size="xs" variant="default" onClick={() => setMaking(true)}>
          Make a key
        </Button>
      }
    >
      {keys.isPending && <Skeleton height={90} role="status" aria-label="Loading keys" />}
      {keys.isError && !keys.data && <Problem error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.data && (
        <PlainTable label="API keys" headings={["Name", "Person", "Role", "Last used", "Expires", "What can be done"]}>
          {keys.data.apiKeys.map((key) => (
            <tr key={key.apiKeyId}>
              <td className="foreign">{key.name}</td>
              <td className="foreign">{key.userEmail}</td>
              <td>{key.role}</td>
              <td data-label="Used">
                {key.lastUsedAt ? <Ago time={key.lastUsedAt} /> : <span className="dim">never</span>}
              </td>
              <td data-label="Expires">
                {key.expiresAt ? <Ago time={key.expiresAt} /> : <span className="dim">never</span>}
              </td>
              <td>
                <Button
                  size="xs"
                  variant="subtle"
                  color="red"
                  aria-label={`Revoke ${key.name}`}
                  onClick={() => setDoomed(key)}
                >
                  Revoke
                </Button>
              </td>
            </tr>
          ))}
        </PlainTable>
      )}
      {keys.data?.nextCursor && (
        <Button mt="sm" variant="default" size="xs" onClick={() => setCursor(keys.data?.nextCursor ?? undefined)}>
          Next
        </Button>
      )}
      {isMaking && <MakeKey onClose={() => setMaking(false)} />}
      {doomed && (
        <Confirm
          title={`Revoke ${doomed.name}?`}
          action="Revoke the key"
          isBusy={removal.isPending}
          error={removal.error}
          onConfirm={() => removal.mutate(doomed)}
          onClose={() => {
            setDoomed(undefined);
            removal.reset();
          }}
        >
          Programs that use it are refused at once, on every node, and whoever signed in with it is signed out.
        </Confirm>
      )}
    </Section>
  );
}

function MakeKey({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [person, setPerson] = useState("");
  const [role, setRole] = useState<RoleName>("viewer");
  const making = useMutation({
    mutationFn: () => createApiKey({ name, role, ...(person !== "" && { userEmail: person }) }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["api-keys"] }),
    // The key itself does not stay in memory when this is closed.
    gcTime: 0,
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    making.mutate();
  }

  return (
    <Modal opened onClose={onClose} title="Make a key">
      {making.data ? (
        <Stack gap="md">
          <Text size="sm">Copy it now: it is shown this once.</Text>
          <CodeBlock label="The new key" code={making.data.key} />
          <Group justify="flex-end">
            <Button onClick={onClose}>I have it</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack gap="md">
            <TextInput
              label="Name"
              description="What it is for: you will look for it here when it has leaked."
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
              required
              maxLength={200}
              data-autofocus
            />
            <TextInput
              type="email"
              label="Person"
              description="The email of whoever uses it; your own where it is empty."
              value={person}
              onChange={({ currentTarget }) => setPerson(currentTarget.value)}
            />
            <Select
              label="Role"
              description="It never does more than its person may."
              data={roleOptions}
              value={role}
              onChange={(value) => setRole(toRole(value))}
              allowDeselect={false}
            />
            {making.error && <Problem error={making.error} title="The key was not made" />}
            <Group justify="flex-end" gap="sm">
              <Button variant="default" onClick={onClose}>
                Close
              </Button>
              <Button type="submit" loading={making.isPending}>
                Make the key
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

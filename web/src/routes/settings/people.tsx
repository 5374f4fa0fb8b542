import { Button, Group, Modal, Select, Skeleton, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { changeUser, createUser, removeUser, type User, usersQuery } from "../../api/access.ts";
import { Confirm } from "../../parts/confirm.tsx";
import { PlainTable } from "../../parts/plain-table.tsx";
import { Problem } from "../../parts/problem.tsx";
import { Section } from "../../parts/section.tsx";
import { Ago } from "../../parts/time.tsx";
import { type RoleName, roleOptions, toRole } from "./roles.ts";

/** The people of the customer, and what each may do. */
export function People({ ownEmail }: { ownEmail: string }) {
  const [cursor, setCursor] = useState<string>();
  const users = useQuery(usersQuery(cursor));
  const queries = useQueryClient();
  const [isAdding, setAdding] = useState(false);
  const [doomed, setDoomed] = useState<User>();
  const refresh = async (): Promise<void> => {
    setDoomed(undefined);
    await queries.invalidateQueries({ queryKey: ["users"] });
    await queries.invalidateQueries({ queryKey: ["api-keys"] });
  };
  const change = useMutation({
    mutationFn: ({ userId, role }: { userId: string; role: RoleName }) => changeUser(userId, { role }),
    onSuccess: refresh,
  });
  const removal = useMutation({ mutationFn: ({ userId }: User) => removeUser(userId), onSuccess: refresh });
  return (
    <Section
      title="People"
      actions={
        <Button size="xs" variant="default" onClick={() => setAdding(true)}>
          Add a person
        </Button>
      }
    >
      {users.isPending && <Skeleton height={90} role="status" aria-label="Loading people" />}
      {users.isError && !users.data && <Problem error={users.error} onRetry={() => void users.refetch()} />}
      {change.error && <Problem error={change.error} title="The role was not changed" />}
      {users.data && (
        <PlainTable label="People" headings={["Email", "Role", "Added", "What can be done"]}>
          {users.data.users.map((user) => (
            <tr key={user.userId}>
              <td className="foreign">
                {user.email} {user.email === ownEmail && <span className="dim">(you)</span>}
              </td>
              <td>
                <Select
                  size="xs"
                  aria-label={`Role of ${user.email}`}
                  data={roleOptions}
                  value={user.role}
                  onChange={(role) => change.mutate({ userId: user.userId, role: toRole(role) })}
                  allowDeselect={false}
                />
              </td>
              <td data-label="Added">
                <Ago time={user.createdAt} />
              </td>
              <td>
                <Button
                  size="xs"
                  variant="subtle"
                  color="red"
                  aria-label={`Remove ${user.email}`}
                  onClick={() => setDoomed(user)}
                >
                  Remove
                </Button>
              </td>
            </tr>
          ))}
        </PlainTable>
      )}
      {users.data?.nextCursor && (
        <Button mt="sm" variant="default" size="xs" onClick={() => setCursor(users.data?.nextCursor ?? undefined)}>
          Next
        </Button>
      )}
      {isAdding && <AddPerson onClose={() => setAdding(false)} onAdded={refresh} />}
      {doomed && (
        <Confirm
          title={`Remove ${doomed.email}?`}
          action="Remove the person"
          isBusy={removal.isPending}
          error={removal.error}
          onConfirm={() => removal.mutate(doomed)}
          onClose={() => {
            setDoomed(undefined);
            removal.reset();
          }}
        >
          All keys of this person stop working at once, on every node. What the person made stays.
        </Confirm>
      )}
    </Section>
  );
}

function AddPerson({ onClose, onAdded }: { onClose: () => void; onAdded: () => Promise<void> }) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<RoleName>("viewer");
  const adding = useMutation({
    mutationFn: () => createUser({ email, role }),
    onSuccess: async () => {
      await onAdded();
      onClose();
    },
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    adding.mutate();
  }

  return (
    <Modal opened onClose={onClose} title="Add a person">
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            type="email"
            label="Email"
            value={email}
            onChange={({ currentTarget }) => setEmail(currentTarget.value)}
            required
            data-autofocus
          />
          <Select
            label="Role"
            description="A person signs in with a key of their own: make one next."
            data={roleOptions}
            value={role}
            onChange={(value) => setRole(toRole(value))}
            allowDeselect={false}
          />
          {adding.error && <Problem error={adding.error} title="The person was not added" />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={adding.isPending}>
              Add
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

import { Button, Group, Modal, PasswordInput, Stack, TagsInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { putSecret, type Secret } from "../../api/secrets.ts";
import { Problem } from "../../parts/problem.tsx";

/** Makes a secret, or replaces the value of one. The value leaves the field with the request, and is kept nowhere. */
export function SecretDialog({ secret, onClose }: { secret: Secret | undefined; onClose: () => void }) {
  const queries = useQueryClient();
  const [code, setCode] = useState(secret?.secretCode ?? "");
  const [value, setValue] = useState("");
  const [hosts, setHosts] = useState<string[]>([...(secret?.hosts ?? [])]);
  const saving = useMutation({
    mutationFn: () => putSecret(code, { value, hosts: hosts.length > 0 ? hosts : null }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["secrets"] });
      onClose();
    },
    // The value is one of the variables of what was sent; nothing of it stays in memory.
    gcTime: 0,
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    saving.mutate();
  }

  return (
    <Modal opened onClose={onClose} title={secret ? `Replace ${secret.secretCode}` : "New secret"}>
      <form onSubmit={submit} autoComplete="off">
        <Stack gap="md">
          {!secret && (
            <TextInput
              label="Code"
              description="By which params refer to it: letters, digits, dots, dashes and underscores."
              value={code}
              onChange={({ currentTarget }) => setCode(currentTarget.value)}
              required
              maxLength={128}
              spellCheck={false}
              data-autofocus
            />
          )}
          <PasswordInput
            label={secret ? "New value" : "Value"}
            description="Nothing shows it again."
            value={value}
            onChange={({ currentTarget }) => setValue(currentTarget.value)}
            required
            autoComplete="new-password"
            data-autofocus={secret ? true : undefined}
          />
          <TagsInput
            label="May be sent to"
            description="Hosts such as api.example.com or *.example.org:8443, each with Enter. None: any host."
            value={hosts}
            onChange={setHosts}
          />
          {saving.error && <Problem error={saving.error} title="The secret was not saved" />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={saving.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

import { Button, Checkbox, Fieldset, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { webhookEvents } from "../../../../../src/model/telling.ts";
import type { GivenOptions } from "../../../api/job-definitions.ts";
import { secretsQuery } from "../../../api/secrets.ts";
import { PlusIcon, TrashIcon } from "../../../parts/icons.tsx";
import type { Faults } from "../../../parts/pointers.ts";
import classes from "./telling.module.css";

type Webhook = NonNullable<GivenOptions["webhooks"]>[number];

const eventNames = { completed: "Completed", failed: "Failed", alert: "Alerts" } as const;

interface WebhooksEditorProps {
  readonly webhooks: readonly Webhook[];
  /** Of the list and of all that is in it. */
  readonly faults: Faults;
  onChange(webhooks: Webhook[]): void;
}

/** Addresses that are told how its jobs end, and of alerts. */
export function WebhooksEditor({ webhooks, faults, onChange }: WebhooksEditorProps) {
  const secrets = useQuery({ ...secretsQuery(undefined), enabled: webhooks.length > 0 });
  const codes = (secrets.data?.secrets ?? []).map(({ secretCode }) => secretCode);
  return (
    <Fieldset legend="Webhooks">
      <Stack gap="md">
        <Text size="xs" className="dim">
          Addresses of programs that are told how its jobs end. Calls are signed as Standard Webhooks has it.
        </Text>
        {webhooks.map((webhook, index) => (
          <WebhookFields
            // biome-ignore lint/suspicious/noArrayIndexKey: a webhook has no name but its place, and its fields hold no state
            key={index}
            webhook={webhook}
            place={index + 1}
            secrets={codes}
            fault={(pointer) => faults.get(`/${index}${pointer}`)}
            onChange={(changed) => onChange(webhooks.map((one, place) => (place === index ? changed : one)))}
            onRemove={() => onChange(webhooks.filter((_, place) => place !== index))}
          />
        ))}
        {faults.has("") && (
          <Text size="xs" className={classes.fault}>
            {faults.get("")}
          </Text>
        )}
        <div>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<PlusIcon size={14} />}
            onClick={() => onChange([...webhooks, { url: "" }])}
          >
            Add a webhook
          </Button>
        </div>
      </Stack>
    </Fieldset>
  );
}

interface WebhookFieldsProps {
  readonly webhook: Webhook;
  /** From 1 on. */
  readonly place: number;
  /** Codes of secrets that may sign. */
  readonly secrets: readonly string[];
  fault(pointer: string): string | undefined;
  onChange(webhook: Webhook): void;
  onRemove(): void;
}

function WebhookFields({ webhook, place, secrets, fault, onChange, onRemove }: WebhookFieldsProps) {
  // Written as JSON it may lack an address for a while.
  const { url = "", events, secret } = webhook;
  const references = new Set(secrets.map((code) => `{{secrets.${code}}}`));
  if (secret !== undefined) references.add(secret);
  return (
    <section className={classes.entry} aria-label={`Webhook ${place}`}>
      <Stack gap="sm">
        <TextInput
          label="Address"
          placeholder="https://example.com/punctual"
          required
          value={url}
          error={fault("/url")}
          onChange={({ currentTarget }) => onChange({ ...webhook, url: currentTarget.value })}
        />
        <Select
          label="Signed with"
          placeholder="Default: your own signing secret"
          data={[...references]}
          searchable
          clearable
          value={secret ?? null}
          error={fault("/secret")}
          onChange={(value) => onChange({ ...webhook, secret: value ?? undefined })}
        />
        <Group justify="space-between" align="end" gap="sm">
          <Checkbox.Group
            label="Told of"
            value={[...(events ?? webhookEvents)]}
            error={fault("/events")}
            onChange={(chosen) => {
              const wanted = webhookEvents.filter((event) => chosen.includes(event));
              onChange({ ...webhook, events: wanted.length === webhookEvents.length ? undefined : wanted });
            }}
          >
            <Group gap="md" mt={4}>
              {webhookEvents.map((event) => (
                <Checkbox key={event} size="xs" value={event} label={eventNames[event]} />
              ))}
            </Group>
          </Checkbox.Group>
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            leftSection={<TrashIcon size={14} />}
            aria-label={`Remove webhook ${place}`}
            onClick={onRemove}
          >
            Remove
          </Button>
        </Group>
      </Stack>
    </section>
  );
}

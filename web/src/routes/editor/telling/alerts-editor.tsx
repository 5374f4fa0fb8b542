import { Button, Checkbox, Fieldset, Group, NumberInput, Select, SimpleGrid, Stack, Text } from "@mantine/core";
import {
  type AlertKind,
  alertKinds,
  alertWays,
  countingAlertKinds,
  defaultAtMostEverySeconds,
  leastAlertSeconds,
} from "../../../../../src/model/telling.ts";
import type { GivenOptions } from "../../../api/job-definitions.ts";
import { PlusIcon, TrashIcon } from "../../../parts/icons.tsx";
import type { Faults } from "../../../parts/pointers.ts";
import { SecondsInput } from "./seconds-input.tsx";
import classes from "./telling.module.css";

type Alert = NonNullable<GivenOptions["alerts"]>[number];

const kindNames: Record<AlertKind, string> = {
  failures: "It has failed",
  recovered: "It works again",
  missed: "An occurrence was missed",
  skipped: "An occurrence was skipped",
  late: "An occurrence came late",
  longRun: "A run takes long",
  noSuccess: "There has been no success",
};

const wayNames = { mail: "Mail", notification: "Notification in the page", webhook: "Webhooks" } as const;

/** What a time means to each kind that goes by one, and what it begins with. */
const timed: Partial<Record<AlertKind, { readonly label: string; readonly seconds: number }>> = {
  late: { label: "Later than", seconds: 300 },
  longRun: { label: "Longer than", seconds: 3_600 },
  noSuccess: { label: "For longer than", seconds: 86_400 },
};

interface AlertsEditorProps {
  readonly alerts: readonly Alert[];
  /** Of the list and of all that is in it. */
  readonly faults: Faults;
  onChange(alerts: Alert[]): void;
}

/** What is watched for, and how it is told. */
export function AlertsEditor({ alerts, faults, onChange }: AlertsEditorProps) {
  function set(index: number, alert: Alert): void {
    onChange(alerts.map((one, place) => (place === index ? alert : one)));
  }
  return (
    <Fieldset legend="Alerts">
      <Stack gap="md">
        <Text size="xs" className="dim">
          For what a mail at each failure does not tell: that it failed again and again, was missed, hangs, or has not
          worked for too long.
        </Text>
        {alerts.map((alert, index) => (
          <AlertFields
            // biome-ignore lint/suspicious/noArrayIndexKey: an alert has no name but its place, and its fields hold no state
            key={index}
            alert={alert}
            place={index + 1}
            fault={(pointer) => faults.get(`/${index}${pointer}`)}
            onChange={(changed) => set(index, changed)}
            onRemove={() => onChange(alerts.filter((_, place) => place !== index))}
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
            onClick={() => onChange([...alerts, { when: "failures", failures: 3, by: ["mail"] }])}
          >
            Add an alert
          </Button>
        </div>
      </Stack>
    </Fieldset>
  );
}

interface AlertFieldsProps {
  readonly alert: Alert;
  /** From 1 on. */
  readonly place: number;
  fault(pointer: string): string | undefined;
  onChange(alert: Alert): void;
  onRemove(): void;
}

function AlertFields({ alert, place, fault, onChange, onRemove }: AlertFieldsProps) {
  // Written as JSON it may lack them for a while.
  const { when, by = [] } = alert;
  const time = timed[when];
  return (
    <section className={classes.entry} aria-label={`Alert ${place}`}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <Select
          label="Tell when"
          data={alertKinds.map((value) => ({ value, label: kindNames[value] }))}
          allowDeselect={false}
          value={when ?? null}
          error={fault("/when")}
          onChange={(value) => {
            const kind = alertKinds.find((one) => one === value);
            if (kind) onChange(ofKind(alert, kind));
          }}
        />
        {countingAlertKinds.has(when) && (
          <NumberInput
            label={when === "failures" ? "Times in a row" : "After failures in a row"}
            placeholder="Default: 1"
            min={1}
            max={1_000}
            value={alert.failures ?? ""}
            error={fault("/failures")}
            onChange={(value) => onChange({ ...alert, failures: typeof value === "number" ? value : undefined })}
          />
        )}
        {time && (
          <SecondsInput
            label={time.label}
            min={leastAlertSeconds[when]}
            value={alert.afterSeconds}
            error={fault("/afterSeconds")}
            onChange={(afterSeconds) => onChange({ ...alert, afterSeconds })}
          />
        )}
        <SecondsInput
          label="At most once in"
          placeholder={`Default: ${defaultAtMostEverySeconds}`}
          min={0}
          value={alert.atMostEverySeconds}
          error={fault("/atMostEverySeconds")}
          onChange={(atMostEverySeconds) => onChange({ ...alert, atMostEverySeconds })}
        />
      </SimpleGrid>
      <Group justify="space-between" align="end" gap="sm" mt="sm">
        <Checkbox.Group
          label="By"
          value={[...by]}
          error={fault("/by") ?? fault("/by/0")}
          onChange={(chosen) => onChange({ ...alert, by: alertWays.filter((way) => chosen.includes(way)) })}
        >
          <Group gap="md" mt={4}>
            {alertWays.map((way) => (
              <Checkbox key={way} size="xs" value={way} label={wayNames[way]} />
            ))}
          </Group>
        </Checkbox.Group>
        <Button
          size="compact-sm"
          variant="subtle"
          color="red"
          leftSection={<TrashIcon size={14} />}
          aria-label={`Remove alert ${place}`}
          onClick={onRemove}
        >
          Remove
        </Button>
      </Group>
    </section>
  );
}

/** The alert with what its new kind goes by, and without what meant something to the old one alone. */
function ofKind({ by, atMostEverySeconds, failures, afterSeconds }: Alert, when: AlertKind): Alert {
  return {
    when,
    ...(countingAlertKinds.has(when) && { failures: failures ?? (when === "failures" ? 3 : 1) }),
    ...(timed[when] && { afterSeconds: afterSeconds ?? timed[when].seconds }),
    by,
    ...(atMostEverySeconds !== undefined && { atMostEverySeconds }),
  };
}

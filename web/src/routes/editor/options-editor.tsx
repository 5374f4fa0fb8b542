import { NumberInput, Select, SimpleGrid, Stack, Switch, TagsInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { defaultJobOptions } from "../../../../src/model/job-options.ts";
import type { GivenOptions } from "../../api/job-definitions.ts";
import { type Faults, faultsBelow } from "../../parts/pointers.ts";
import { Section } from "../../parts/section.tsx";
import { JsonObject, type Writing, WritingSwitch } from "./json-object.tsx";
import classes from "./options-editor.module.css";
import { AlertsEditor } from "./telling/alerts-editor.tsx";
import { WebhooksEditor } from "./telling/webhooks-editor.tsx";

type Retry = NonNullable<GivenOptions["retry"]>;

interface OptionsEditorProps {
  readonly options: GivenOptions;
  readonly faults: Faults;
  /** Of the type. */
  readonly defaultTimeoutSeconds: number | undefined;
  onChange(options: GivenOptions): void;
}

/** The fields that no fold hides. */
const shownFirst = /^\/(retry\/maxAttempts|timeoutSeconds|emailList|alerts|webhooks)(\/|$)/;

/** Of options as JSON; see `JsonObject`. */
const example = {
  ...defaultJobOptions(1),
  emailList: [""],
  webhooks: [{ url: "", events: [""], secret: "" }],
  alerts: [{ when: "", failures: 1, afterSeconds: 1, by: [""], atMostEverySeconds: 1 }],
};

/** How often it is tried, for how long, and who hears of it: as a form and as JSON, two views of one thing. */
export function OptionsEditor(props: OptionsEditorProps) {
  const { options, faults, onChange } = props;
  const [writing, setWriting] = useState<Writing>("form");
  return (
    <Section
      title="Options"
      actions={<WritingSwitch label="How to write the options" value={writing} onChange={setWriting} />}
    >
      {writing === "json" ? (
        <JsonObject label="Options (JSON)" value={options} example={example} faults={faults} onChange={onChange} />
      ) : (
        <OptionFields {...props} />
      )}
    </Section>
  );
}

/** What is empty takes its default. */
function OptionFields({ options, faults, defaultTimeoutSeconds, onChange }: OptionsEditorProps) {
  const retry = options.retry ?? {};

  function set(change: Partial<GivenOptions>): void {
    onChange({ ...options, ...change });
  }
  function setRetry(change: Partial<Retry>): void {
    set({ retry: { ...retry, ...change } });
  }
  const numberOf = (value: string | number): number | null => (typeof value === "number" ? value : null);

  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <NumberInput
          label="Attempts"
          description="How often it is tried in all."
          placeholder="Default: 1"
          min={1}
          max={100}
          value={retry.maxAttempts ?? ""}
          error={faults.get("/retry/maxAttempts")}
          onChange={(value) => setRetry({ maxAttempts: numberOf(value) })}
        />
        <NumberInput
          label="Time limit"
          description="Seconds that one attempt may take."
          placeholder={defaultTimeoutSeconds === undefined ? undefined : `Default: ${defaultTimeoutSeconds}`}
          min={1}
          max={86_400}
          value={options.timeoutSeconds ?? ""}
          error={faults.get("/timeoutSeconds")}
          onChange={(value) => set({ timeoutSeconds: numberOf(value) })}
        />
        <TagsInput
          label="Mail to"
          description="Addresses; Enter takes one."
          className={classes.wide}
          value={[...(options.emailList ?? [])]}
          error={[...faults].find(([path]) => path.startsWith("/emailList"))?.[1]}
          onChange={(emailList) => set({ emailList })}
        />
        <Switch
          label="Mail when it fails"
          checked={options.sendFailureEmail ?? false}
          onChange={({ currentTarget }) => set({ sendFailureEmail: currentTarget.checked })}
        />
        <Switch
          label="Mail when it completes"
          checked={options.sendCompletionEmail ?? false}
          onChange={({ currentTarget }) => set({ sendCompletionEmail: currentTarget.checked })}
        />
      </SimpleGrid>
      <details open={[...faults.keys()].some((path) => !shownFirst.test(path)) || undefined}>
        <summary className={classes.more}>More options</summary>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" mt="md">
          <Select
            label="Between attempts"
            placeholder="Default: longer each time"
            data={[
              { value: "exponential", label: "Longer each time" },
              { value: "fixed", label: "Always as long" },
            ]}
            clearable
            value={retry.backoff ?? null}
            error={faults.get("/retry/backoff")}
            onChange={(value) => setRetry({ backoff: value === "exponential" || value === "fixed" ? value : null })}
          />
          <NumberInput
            label="First pause"
            description="Seconds before the second attempt."
            min={0}
            max={86_400}
            value={retry.initialSeconds ?? ""}
            error={faults.get("/retry/initialSeconds")}
            onChange={(value) => setRetry({ initialSeconds: numberOf(value) })}
          />
          <Select
            label="If its worker is lost"
            data={[
              { value: "rerun", label: "Run it again" },
              { value: "fail", label: "Let it fail" },
            ]}
            placeholder="Default: run it again"
            clearable
            value={retry.onWorkerLost ?? null}
            onChange={(value) => setRetry({ onWorkerLost: value === "rerun" || value === "fail" ? value : null })}
          />
          <NumberInput
            label="Priority"
            description="1 is first, 9 last."
            placeholder="Default: 5"
            min={1}
            max={9}
            value={options.priority ?? ""}
            error={faults.get("/priority")}
            onChange={(value) => set({ priority: numberOf(value) })}
          />
          <NumberInput
            label="Jobs at once"
            description="Others wait."
            placeholder="Default: any number"
            min={1}
            max={10_000}
            value={options.maxConcurrent ?? ""}
            error={faults.get("/maxConcurrent")}
            onChange={(value) => set({ maxConcurrent: numberOf(value) })}
          />
          <TextInput
            label="Concurrency key"
            description="Jobs with the same key run one at a time."
            placeholder="For example shop-{{params.shop}}"
            value={options.concurrencyKey ?? ""}
            error={faults.get("/concurrencyKey")}
            onChange={({ currentTarget }) => set({ concurrencyKey: currentTarget.value || null })}
          />
          <NumberInput
            label="Longest wait"
            description="Seconds in the queue before it fails without having run."
            placeholder="Default: no end"
            min={1}
            value={options.queueTimeoutSeconds ?? ""}
            error={faults.get("/queueTimeoutSeconds")}
            onChange={(value) => set({ queueTimeoutSeconds: numberOf(value) })}
          />
          <Switch
            label="No notifications in the page"
            checked={options.skipNotification ?? false}
            onChange={({ currentTarget }) => set({ skipNotification: currentTarget.checked })}
          />
        </SimpleGrid>
      </details>
      <AlertsEditor
        alerts={options.alerts ?? []}
        faults={faultsBelow(faults, "/alerts")}
        onChange={(alerts) => set({ alerts })}
      />
      <WebhooksEditor
        webhooks={options.webhooks ?? []}
        faults={faultsBelow(faults, "/webhooks")}
        onChange={(webhooks) => set({ webhooks })}
      />
    </Stack>
  );
}

/** What the options of a definition or a job say about telling people: webhooks and alerts. */

/** What a webhook may be told of. */
export const webhookEvents = ["completed", "failed", "alert"] as const;

/** One of the things that a webhook is told of. */
export type WebhookEvent = (typeof webhookEvents)[number];

/** An address that is told of the ends of jobs and of alerts. */
export interface Webhook {
  /** http or https, without credentials. */
  readonly url: string;
  /** All of them unless said. */
  readonly events?: readonly WebhookEvent[] | undefined;
  /** `{{secrets.CODE}}`; the customer's own signing secret unless said. */
  readonly secret?: string | undefined;
}

/** The code of the secret that signs where a webhook names none; it is made when it is first needed. */
export const ownSigningSecret = "webhook-signing";

/** The code of the secret that signs. @param reference `{{secrets.CODE}}`; null: the customer's own */
export function signerCode(reference: string | null): string {
  return reference === null ? ownSigningSecret : reference.slice("{{secrets.".length, -"}}".length);
}

/** What an alert can watch for. */
export const alertKinds = ["failures", "recovered", "missed", "skipped", "late", "longRun", "noSuccess"] as const;

/** One of the things that alerts watch for. */
export type AlertKind = (typeof alertKinds)[number];

/** The ways in which an alert is told. */
export const alertWays = ["mail", "notification", "webhook"] as const;

/** What is watched for, and how it is told. */
export interface AlertRule {
  readonly when: AlertKind;
  /** Failures in a row: of `failures`, and of `recovered` those that a success must follow. 1 unless said; 1–1,000. */
  readonly failures?: number | undefined;
  /** Seconds: of `late`, `longRun` and `noSuccess`, where it must be said. */
  readonly afterSeconds?: number | undefined;
  readonly by: readonly (typeof alertWays)[number][];
  /** An alert of a kind is told at most once in this time, per definition; 3,600 unless said, 0–2,678,400. */
  readonly atMostEverySeconds?: number | undefined;
}

/** How often an alert of a kind is told at most, where its rule says nothing. */
export const defaultAtMostEverySeconds = 3_600;

/** The kinds that go by a time, with the least of it in seconds: less late than 5 s is on time. */
export const leastAlertSeconds: Partial<Record<AlertKind, number>> = { late: 5, longRun: 1, noSuccess: 60 };

/** The kinds that count failures. */
export const countingAlertKinds: ReadonlySet<AlertKind> = new Set(["failures", "recovered"]);

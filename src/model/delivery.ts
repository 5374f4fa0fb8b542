/** What is sent to people and webhooks, and what became of it. */
import type { AlertKind, WebhookEvent } from "./telling.ts";

/** How something is sent. */
export const deliveryKinds = ["mail", "webhook"] as const;

/** One of the ways in which something is sent. */
export type DeliveryKind = (typeof deliveryKinds)[number];

/** Not yet taken by its destination; taken; or nobody tries any more. */
export const deliveryStates = ["waiting", "delivered", "givenUp"] as const;

/** What has become of a delivery. */
export type DeliveryState = (typeof deliveryStates)[number];

/** The end of a job, as a mail tells it. Times are RFC 3339. */
export interface JobNews {
  readonly jobId: string;
  /** The definition's name, or the job type's code. */
  readonly name: string;
  readonly jobType: string;
  readonly jobDefinitionCode: string | null;
  readonly status: "COMPLETED" | "FAILED";
  readonly trigger: { readonly kind: string; readonly by: string | null; readonly scheduledFor: string | null };
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly startedAt: string | null;
  readonly finishedAt: string;
  readonly durationMs: number | null;
  /** Its JSON, cut; null for none. */
  readonly result: string | null;
  /** Bytes of the whole result's JSON; null where it is stored apart. */
  readonly resultBytes: number | null;
  readonly error: FailureNews | null;
  /** Of the schedule; UTC without one. */
  readonly timeZone: string;
  readonly nextFireAt: string | null;
}

/** Why a job failed, as a mail tells it. */
export interface FailureNews {
  readonly code: string;
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string | null;
  /** `POST https://…`, where the job sent a request; secrets in it are masked. */
  readonly request: string | null;
  /** What came back, cut. */
  readonly response: string | null;
}

/** What an alert is about, as it is told. */
export interface AlertNews {
  readonly kind: AlertKind;
  readonly jobDefinitionCode: string;
  readonly name: string;
  /** One sentence. */
  readonly message: string;
  readonly at: string;
  /** The job that it is about, if any. */
  readonly jobId: string | null;
  /** Alerts of the kind that were held back since the last one was told. */
  readonly heldBack: number;
  /** Of the schedule; UTC without one. */
  readonly timeZone: string;
}

/** What a delivery carries. */
export type DeliveryContent =
  | { readonly about: "job"; readonly job: JobNews; readonly reason: MailReason }
  | { readonly about: "alert"; readonly alert: AlertNews; readonly reason: MailReason }
  /** The body as it is sent, and the reference to what it is signed with (null: the customer's own secret). */
  | { readonly about: "webhook"; readonly body: string; readonly secret: string | null };

/** Why somebody gets a mail. */
export type MailReason = "triggered" | "saved" | "listed";

/** One delivery under a claim. */
export interface ClaimedDelivery {
  readonly deliveryId: string;
  readonly customerCode: string;
  readonly kind: DeliveryKind;
  readonly lane: string;
  readonly event: WebhookEvent;
  readonly destination: string;
  readonly content: DeliveryContent;
  /** Tries, with this one. */
  readonly attempts: number;
  readonly lease: string;
}

/** A delivery as it is read. */
export interface Delivery {
  readonly deliveryId: string;
  readonly kind: DeliveryKind;
  readonly event: WebhookEvent;
  readonly destination: string;
  readonly jobId: string | null;
  readonly jobDefinitionCode: string | null;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** What the destination answered last, or why it could not be reached; null before the first try. */
  readonly answer: string | null;
  readonly createdAt: Date;
  /** null once it has ended. */
  readonly nextAttemptAt: Date | null;
  readonly endedAt: Date | null;
}

/** How a try ended. */
export type DeliveryOutcome =
  | { readonly state: "delivered"; readonly answer: string }
  /** To be tried again, or, `final`, never: another try would end in the same way. */
  | { readonly state: "failed"; readonly answer: string; readonly final: boolean; readonly retryAfterSeconds?: number };

const firstPauseMs = 10_000;
const longestPauseMs = 3_600_000;

/**
 * Milliseconds until the next try: 10 s, doubling up to an hour, less up to a quarter so that many do not come together.
 *
 * @param attempts tries so far, from 1
 * @param random from 0 to 1
 */
export function deliveryPauseMs(attempts: number, random: number, retryAfterSeconds = 0): number {
  const pause = Math.min(firstPauseMs * 2 ** Math.min(attempts - 1, 20), longestPauseMs);
  const asked = Math.min(retryAfterSeconds * 1000, longestPauseMs);
  return Math.max(Math.round(pause * (1 - random / 4)), asked);
}

/** The options of a definition or a job: what may be said, and what holds where nothing was said. */

import type { AlertRule, Webhook } from "./telling.ts";

/** Whether a job runs again when the node that ran it died: `fail` is for work that must not be done twice. */
export type OnWorkerLost = "rerun" | "fail";

/** When and how often a failed job is tried again. */
export interface RetryOptions {
  /** 1–100; 1 means no retry. */
  readonly maxAttempts: number;
  readonly backoff: "exponential" | "fixed";
  /** Seconds before the second attempt, 0–86,400. */
  readonly initialSeconds: number;
  /** The longest pause between attempts, in seconds, 0–86,400. */
  readonly maxSeconds: number;
  readonly onWorkerLost: OnWorkerLost;
  /** No attempt begins later than this after the first, in seconds; null is no such limit. */
  readonly totalSeconds: number | null;
}

/** Options with every default filled in. */
export interface JobOptions {
  readonly skipNotification: boolean;
  readonly sendCompletionEmail: boolean;
  readonly sendFailureEmail: boolean;
  readonly emailList: readonly string[];
  /** Per attempt, running only; 1–86,400. */
  readonly timeoutSeconds: number;
  readonly retry: RetryOptions;
  /** Longest time in the queue before it fails without having run, in seconds from runAt; null is no such limit. */
  readonly queueTimeoutSeconds: number | null;
  /** The longest that a job may wait for its children, or for a time, at a stretch; in seconds, 1–2,678,400 (31 days). */
  readonly waitTimeoutSeconds: number;
  /** 1–9, 1 first. */
  readonly priority: number;
  /** Jobs of the definition that may run at once; null is no limit. */
  readonly maxConcurrent: number | null;
  /** Jobs of the customer with the same key run one at a time; `{{params.name}}` stands for a param; null is no key. */
  readonly concurrencyKey: string | null;
  /** Told of the job's end, and of alerts. */
  readonly webhooks: readonly Webhook[];
  /** Of a definition: what is watched for. */
  readonly alerts: readonly AlertRule[];
}

/** Options as a caller says them: anything may be absent, and null stands for the default. */
export type GivenJobOptions = {
  readonly [Key in Exclude<keyof JobOptions, "retry">]?: JobOptions[Key] | null | undefined;
} & {
  readonly retry?: { readonly [Key in keyof RetryOptions]?: RetryOptions[Key] | null | undefined } | null | undefined;
};

/**
 * Answers the options of a job for which nothing was said.
 *
 * @param typeTimeoutSeconds the job type's own default.
 */
export function defaultJobOptions(typeTimeoutSeconds: number): JobOptions {
  return {
    skipNotification: false,
    sendCompletionEmail: false,
    sendFailureEmail: false,
    emailList: [],
    timeoutSeconds: typeTimeoutSeconds,
    retry: {
      maxAttempts: 1,
      backoff: "exponential",
      initialSeconds: 5,
      maxSeconds: 600,
      onWorkerLost: "rerun",
      totalSeconds: null,
    },
    queueTimeoutSeconds: null,
    waitTimeoutSeconds: 86_400,
    priority: 5,
    maxConcurrent: null,
    concurrencyKey: null,
    webhooks: [],
    alerts: [],
  };
}

/** Whether the end of such a job makes a notification, and whether it may have to be told to somebody in another way. */
export function tellingOf(options: JobOptions): { notifies: boolean; tells: boolean } {
  const { sendCompletionEmail, sendFailureEmail, webhooks, alerts } = options;
  return {
    notifies: !options.skipNotification,
    tells: sendCompletionEmail || sendFailureEmail || webhooks.length > 0 || alerts.length > 0,
  };
}

/** By the type's time limit; most jobs are given nothing. */
const unsaid = new Map<number, JobOptions>();

/** Fills in the defaults. */
export function resolveJobOptions(given: GivenJobOptions, typeTimeoutSeconds: number): JobOptions {
  const defaults = unsaid.get(typeTimeoutSeconds) ?? defaultJobOptions(typeTimeoutSeconds);
  if (unsaid.size < 100) unsaid.set(typeTimeoutSeconds, defaults);
  if (Object.keys(given).length === 0) return defaults;
  const { retry, ...rest } = given;
  return { ...defaults, ...withoutEmpty(rest), retry: { ...defaults.retry, ...withoutEmpty(retry ?? {}) } };
}

/** Lays a change over what was given before: absent keeps, null goes back to the default, and so does an empty list of alerts. */
export function mergeJobOptions(before: GivenJobOptions, change: GivenJobOptions): GivenJobOptions {
  const { alerts, ...rest } = withoutEmpty({ ...before, ...change });
  return alerts && alerts.length > 0 ? { ...rest, alerts } : rest;
}

type Filled<T> = { [Key in keyof T]?: NonNullable<T[Key]> };

function withoutEmpty<T extends object>(fields: T): Filled<T> {
  const filled: Filled<T> = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== null && value !== undefined) filled[key] = value;
  }
  return filled;
}

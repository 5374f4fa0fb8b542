import Type from "typebox";
import { closed, Email, nullable, Priority, resettable } from "./primitives.ts";
import { Alerts, Webhooks } from "./telling.ts";

const day = 86_400;

const MaxAttempts = Type.Integer({ minimum: 1, maximum: 100 });
const Backoff = Type.Enum(["exponential", "fixed"]);
const RetrySeconds = Type.Integer({ minimum: 0, maximum: day });
const OnWorkerLost = Type.Enum(["rerun", "fail"]);
const TotalSeconds = Type.Integer({
  minimum: 1,
  maximum: 31 * day,
  description: "No attempt begins later than this after the first.",
});
const QueueTimeoutSeconds = Type.Integer({
  minimum: 1,
  maximum: 31 * day,
  description: "The longest time in the queue, from runAt, before the job fails without having run.",
});
const WaitTimeoutSeconds = Type.Integer({
  minimum: 1,
  maximum: 31 * day,
  description: "The longest that the job may wait for its children, or for a time, at a stretch before it fails.",
});
const skipNotification = "Makes no notification of the job's end in the page; mails go by their own options.";
const completionEmail = "Mails who triggered the job, and emailList, when it has completed.";
const failureEmail = "Mails who triggered the job, and emailList, when it has failed and no attempt is left.";
const EmailList = Type.Array(Email, { maxItems: 50, description: "Who is mailed besides; each address once." });
const TimeoutSeconds = Type.Integer({ minimum: 1, maximum: day, description: "Per attempt, running only." });
const MaxConcurrent = Type.Integer({
  minimum: 1,
  maximum: 10_000,
  description:
    "Jobs of the definition that run at once, read live. A job that is made straight from a job type is of no definition: give it a concurrencyKey.",
});
const ConcurrencyKey = Type.String({
  minLength: 1,
  maxLength: 256,
  description: "Jobs with the same key run one at a time; {{params.name}} stands for a param of the job.",
  examples: ["shop-{{params.shop}}"],
});

/** Options as callers give them: what is absent or null takes its default. */
export const GivenJobOptions = closed(
  {
    skipNotification: resettable(Type.Boolean({ description: skipNotification })),
    sendCompletionEmail: resettable(Type.Boolean({ description: completionEmail })),
    sendFailureEmail: resettable(Type.Boolean({ description: failureEmail })),
    emailList: resettable(EmailList),
    timeoutSeconds: resettable(TimeoutSeconds),
    retry: resettable(
      closed({
        maxAttempts: resettable(MaxAttempts),
        backoff: resettable(Backoff),
        initialSeconds: resettable(RetrySeconds),
        maxSeconds: resettable(RetrySeconds),
        onWorkerLost: resettable(OnWorkerLost),
        totalSeconds: resettable(TotalSeconds),
      }),
    ),
    queueTimeoutSeconds: resettable(QueueTimeoutSeconds),
    waitTimeoutSeconds: resettable(WaitTimeoutSeconds),
    priority: resettable(Priority),
    maxConcurrent: resettable(MaxConcurrent),
    concurrencyKey: resettable(ConcurrencyKey),
    webhooks: resettable(Webhooks),
    alerts: resettable(Alerts),
  },
  { $id: "GivenJobOptions" },
);

/** Options as they are answered: with every default. */
export const JobOptions = Type.Object(
  {
    skipNotification: Type.Boolean({ description: skipNotification }),
    sendCompletionEmail: Type.Boolean({ description: completionEmail }),
    sendFailureEmail: Type.Boolean({ description: failureEmail }),
    emailList: EmailList,
    timeoutSeconds: TimeoutSeconds,
    retry: Type.Object({
      maxAttempts: MaxAttempts,
      backoff: Backoff,
      initialSeconds: RetrySeconds,
      maxSeconds: RetrySeconds,
      onWorkerLost: OnWorkerLost,
      totalSeconds: nullable(TotalSeconds),
    }),
    queueTimeoutSeconds: nullable(QueueTimeoutSeconds),
    waitTimeoutSeconds: WaitTimeoutSeconds,
    priority: Priority,
    maxConcurrent: nullable(MaxConcurrent),
    concurrencyKey: nullable(ConcurrencyKey),
    webhooks: Webhooks,
    alerts: Alerts,
  },
  { $id: "JobOptions" },
);

import Type from "typebox";
import { closed, Email, nullable, Priority, resettable } from "./primitives.ts";

const day = 86_400;

const MaxAttempts = Type.Integer({ minimum: 1, maximum: 100 });
const Backoff = Type.Enum(["exponential", "fixed"]);
const RetrySeconds = Type.Integer({ minimum: 0, maximum: day });
const OnWorkerLost = Type.Enum(["rerun", "fail"]);
const EmailList = Type.Array(Email, { maxItems: 50 });
const TimeoutSeconds = Type.Integer({ minimum: 1, maximum: day, description: "Per attempt, running only." });
const MaxConcurrent = Type.Integer({ minimum: 1, maximum: 10_000 });
const ConcurrencyKey = Type.String({ minLength: 1, maxLength: 256 });

/** Options as callers give them: what is absent or null takes its default. */
export const GivenJobOptions = closed(
  {
    skipNotification: resettable(Type.Boolean()),
    sendCompletionEmail: resettable(Type.Boolean()),
    sendFailureEmail: resettable(Type.Boolean()),
    emailList: resettable(EmailList),
    timeoutSeconds: resettable(TimeoutSeconds),
    retry: resettable(
      closed({
        maxAttempts: resettable(MaxAttempts),
        backoff: resettable(Backoff),
        initialSeconds: resettable(RetrySeconds),
        maxSeconds: resettable(RetrySeconds),
        onWorkerLost: resettable(OnWorkerLost),
      }),
    ),
    priority: resettable(Priority),
    maxConcurrent: resettable(MaxConcurrent),
    concurrencyKey: resettable(ConcurrencyKey),
  },
  { $id: "GivenJobOptions" },
);

/** Options as they are answered: with every default. */
export const JobOptions = Type.Object(
  {
    skipNotification: Type.Boolean({ description: "Hides the job's notifications in the page." }),
    sendCompletionEmail: Type.Boolean(),
    sendFailureEmail: Type.Boolean(),
    emailList: EmailList,
    timeoutSeconds: TimeoutSeconds,
    retry: Type.Object({
      maxAttempts: MaxAttempts,
      backoff: Backoff,
      initialSeconds: RetrySeconds,
      maxSeconds: RetrySeconds,
      onWorkerLost: OnWorkerLost,
    }),
    priority: Priority,
    maxConcurrent: nullable(MaxConcurrent),
    concurrencyKey: nullable(ConcurrencyKey),
  },
  { $id: "JobOptions" },
);

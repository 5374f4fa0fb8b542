import Type from "typebox";
import { jobErrors } from "../model/errors.ts";
import { jobTypeCodePattern, triggerKinds } from "../model/job.ts";
import { jobPhases, jobStatuses } from "../model/job-state.ts";
import { GivenJobOptions } from "./job-options.ts";
import { Code, closed, JobIdText, NextCursor, nullable, Page, Params, Priority, Timestamp } from "./primitives.ts";

const timing = {
  runAt: Type.Optional(Timestamp),
  priority: Type.Optional(Priority),
};

/** Body of `POST /job-types/{code}/_execute`. */
export const ExecuteJobType = closed({
  params: Type.Optional(Params),
  options: Type.Optional(GivenJobOptions),
  ...timing,
});

/** Body of `POST /job-definitions/{code}/_execute`; may be absent. */
export const ExecuteJobDefinition = closed({ params: Type.Optional(Params), ...timing });

/** Body of `POST /jobs/{jobId}/_rerun`; may be absent. */
export const RerunJob = closed({ params: Type.Optional(Params) });

/** Query of `GET /jobs/{jobId}`. */
export const JobWait = closed({ waitSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 60 })) });

export const JobCreated = Type.Object({ jobId: JobIdText });

const Milliseconds = Type.Integer({ minimum: 0 });

const JobFailure = Type.Object({
  code: Type.Enum(Object.keys(jobErrors)),
  message: Type.String(),
  retryable: Type.Boolean(),
  details: Type.Object({}, { additionalProperties: true }),
});

const summaryFields = {
  jobId: JobIdText,
  status: Type.Enum([...jobStatuses]),
  phase: Type.Enum([...jobPhases]),
  waitingFor: nullable(Type.String()),
  jobType: Type.String(),
  jobDefinitionCode: nullable(Type.String()),
  definitionVersion: nullable(Type.Integer()),
  error: nullable(JobFailure),
  progress: nullable(Type.Object({}, { additionalProperties: true })),
  attempt: Type.Integer({ minimum: 0 }),
  maxAttempts: Type.Integer({ minimum: 1 }),
  priority: Priority,
  trigger: Type.Object({
    kind: Type.Enum([...triggerKinds]),
    by: nullable(Type.String()),
    scheduledFor: nullable(Timestamp),
  }),
  createdAt: Timestamp,
  runAt: Timestamp,
  startedAt: nullable(Timestamp),
  finishedAt: nullable(Timestamp),
  queueMs: nullable(Milliseconds),
  durationMs: nullable(Milliseconds),
};

/** A job, flat. */
export const Job = Type.Object(
  {
    ...summaryFields,
    params: Params,
    result: Type.Unsafe<unknown>({ description: "What the job type answered; its resultSchema says what that is." }),
  },
  { $id: "Job" },
);

/** A job in a list: without params and result, which may be large, and without the details of its error. */
export const JobList = Type.Object({ jobs: Type.Array(Type.Object(summaryFields)), nextCursor: NextCursor });

/** One run of a job. */
const Attempt = Type.Object(
  {
    run: Type.Integer({ minimum: 1, description: "Over all runs." }),
    attempt: Type.Integer({ minimum: 1 }),
    outcome: Type.Enum(["RUNNING", "COMPLETED", "FAILED", "LOST", "HANDED_BACK", "SUSPENDED"]),
    startedAt: Timestamp,
    finishedAt: nullable(Timestamp),
    error: nullable(JobFailure),
  },
  { $id: "Attempt" },
);
export const AttemptList = Type.Object({ attempts: Type.Array(Attempt) });

export const JobPath = Type.Object({ jobId: JobIdText });

export const JobQuery = closed({
  ...Page,
  status: Type.Optional(Type.Enum([...jobStatuses])),
  phase: Type.Optional(Type.Enum([...jobPhases])),
  jobType: Type.Optional(Type.String({ pattern: jobTypeCodePattern })),
  jobDefinitionCode: Type.Optional(Code),
  trigger: Type.Optional(Type.Enum([...triggerKinds])),
  createdAfter: Type.Optional(Timestamp),
  createdBefore: Type.Optional(Timestamp),
});

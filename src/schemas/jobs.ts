import Type from "typebox";
import { jobTypeCodePattern, triggerKinds } from "../model/job.ts";
import { jobErrors } from "../model/job-errors.ts";
import { logLevels } from "../model/job-report.ts";
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

/** Answer of whatever makes a job: its id, once the job is durable. */
export const JobCreated = Type.Object({ jobId: JobIdText });

const Milliseconds = Type.Integer({ minimum: 0 });

const JobFailure = Type.Object({
  code: Type.Enum(Object.keys(jobErrors)),
  message: Type.String(),
  retryable: Type.Boolean(),
  details: Type.Object({}, { additionalProperties: true }),
});

/** How far the last run has come, as the job type tells it. */
const Progress = Type.Object(
  {
    done: Type.Number({ minimum: 0 }),
    total: Type.Number({ minimum: 0 }),
    message: nullable(Type.String()),
    at: Timestamp,
  },
  { $id: "Progress" },
);

const summaryFields = {
  jobId: JobIdText,
  status: Type.Enum([...jobStatuses]),
  phase: Type.Enum([...jobPhases]),
  waitingFor: nullable(Type.String()),
  jobType: Type.String(),
  jobDefinitionCode: nullable(Type.String()),
  definitionVersion: nullable(Type.Integer()),
  error: nullable(JobFailure),
  progress: nullable(Progress),
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

/** Answer of `GET /jobs/{jobId}/attempts`: all runs, in their order. */
export const AttemptList = Type.Object({ attempts: Type.Array(Attempt) });

/** One line of a job's log. */
const LogLine = Type.Object(
  {
    seq: Type.Integer({ minimum: 1, description: "Increases over all runs, with gaps between runs." }),
    at: Timestamp,
    run: Type.Integer({ minimum: 1, description: "Over all runs, as in the list of runs." }),
    level: Type.Enum([...logLevels]),
    message: Type.String(),
  },
  { $id: "LogLine" },
);

/** A page of `GET /jobs/{jobId}/logs`. */
export const LogList = Type.Object({ logs: Type.Array(LogLine), nextCursor: NextCursor });

/** Query of `GET /jobs/{jobId}/logs`. */
export const LogQuery = closed({
  ...Page,
  after: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: "The `seq` behind which the answer begins." }),
  ),
});

/** Address of one job. */
export const JobPath = Type.Object({ jobId: JobIdText });

/** Query of `GET /jobs`: filters, all of which must hold, and the page. */
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

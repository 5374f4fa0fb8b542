import Type from "typebox";
import { jobStatuses } from "../model/job-state.ts";
import { GivenJobOptions, JobOptions } from "./job-options.ts";
import { LastOutcomes } from "./occurrences.ts";
import { Code, closed, JobIdText, NextCursor, nullable, Params, ReadOnly, Timestamp } from "./primitives.ts";
import { GivenSchedule, Schedule, ScheduleChange } from "./schedule.ts";

const Name = Type.String({ minLength: 1, maxLength: 200 });
const Description = Type.String({ maxLength: 4000 });
/** The code of a job type that a definition names, which this node need not have. */
export const JobTypeCode = Type.String({ minLength: 1, maxLength: 64 });

/** What a GET answers and a write ignores. */
const readOnlyFields = {
  paused: ReadOnly,
  pausedReason: ReadOnly,
  pausedBy: ReadOnly,
  version: ReadOnly,
  nextFireAt: ReadOnly,
  lastJob: ReadOnly,
  lastOutcomes: ReadOnly,
  createdAt: ReadOnly,
  updatedAt: ReadOnly,
  updatedBy: ReadOnly,
};

/** Body of `POST /job-definitions` and of `PUT /job-definitions/{jobDefinitionCode}`. */
export const NewJobDefinition = closed({
  jobDefinition: closed({
    jobDefinitionCode: Code,
    jobType: JobTypeCode,
    name: Type.Optional(Name),
    description: Type.Optional(Description),
    schedule: Type.Optional(nullable(GivenSchedule)),
    params: Type.Optional(Params),
    options: Type.Optional(nullable(GivenJobOptions)),
    ...readOnlyFields,
  }),
});

/** Body of `PATCH /job-definitions/{jobDefinitionCode}`: absent fields stay. */
export const JobDefinitionChange = closed({
  jobDefinition: closed({
    jobDefinitionCode: Type.Optional(Code),
    jobType: Type.Optional(JobTypeCode),
    name: Type.Optional(Name),
    description: Type.Optional(Description),
    schedule: Type.Optional(nullable(ScheduleChange)),
    params: Type.Optional(Params),
    options: Type.Optional(nullable(GivenJobOptions)),
    ...readOnlyFields,
  }),
});

const JobDefinition = Type.Object(
  {
    jobDefinitionCode: Code,
    jobType: JobTypeCode,
    name: Name,
    description: Description,
    schedule: nullable(Schedule),
    paused: Type.Boolean(),
    pausedReason: nullable(Type.String()),
    pausedBy: nullable(Type.String()),
    params: Params,
    options: JobOptions,
    version: Type.Integer({ minimum: 1 }),
    nextFireAt: nullable(Timestamp),
    lastJob: nullable(
      Type.Object({ jobId: JobIdText, status: Type.Enum([...jobStatuses]), finishedAt: nullable(Timestamp) }),
    ),
    lastOutcomes: LastOutcomes,
    createdAt: Timestamp,
    updatedAt: Timestamp,
    updatedBy: nullable(Type.String()),
  },
  { $id: "JobDefinition" },
);

/** One definition, as it is stored now. */
export const JobDefinitionAnswer = Type.Object({ jobDefinition: JobDefinition });

/** A page of `GET /job-definitions`; all of them where no page was asked for. */
export const JobDefinitionList = Type.Object({ jobDefinitions: Type.Array(JobDefinition), nextCursor: NextCursor });

/** Address of one definition. */
export const JobDefinitionPath = Type.Object({ jobDefinitionCode: Code });

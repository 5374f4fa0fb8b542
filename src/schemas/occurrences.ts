import Type, { type Static } from "typebox";
import { occurrenceOutcomes, settledOutcomes } from "../model/occurrence.ts";
import { Code, closed, JobIdText, NextCursor, nullable, Page, Timestamp } from "./primitives.ts";

const Outcome = Type.Enum([...occurrenceOutcomes], {
  description:
    "`fired`: its job was made in time; `late`: more than 5 s after it, or in a catch-up; `skipped`: none was made because a rule or a pause said so; `missed`: none was made because nobody could in time; `expected`: still to come.",
});

const Reason = nullable(
  Type.String({ description: "Why no job was made, or why late; null where nothing was wrong." }),
);

const oneFields = {
  scheduledFor: Timestamp,
  outcome: Outcome,
  reason: Reason,
  jobId: nullable(JobIdText),
  lateMs: nullable(
    Type.Integer({ minimum: 0, description: "From the moment it should have fired to its job's making." }),
  ),
  backfillJobId: nullable(JobIdText),
};

const rangeFields = {
  from: Timestamp,
  to: Timestamp,
  count: Type.Integer({
    minimum: 1,
    description: "How many occurrences there are from `from` to `to`, both included.",
  }),
  outcome: Outcome,
  reason: Reason,
};

const jobDefinitionCode = { jobDefinitionCode: Code };

const Occurrence = Type.Union(
  [
    Type.Object(oneFields, { title: "One occurrence" }),
    Type.Object(rangeFields, {
      title: "Consecutive occurrences without a job, of one outcome and reason, on one UTC day",
    }),
  ],
  { $id: "Occurrence" },
);

const CustomerOccurrence = Type.Union(
  [
    Type.Object({ ...jobDefinitionCode, ...oneFields }, { title: "One occurrence" }),
    Type.Object({ ...jobDefinitionCode, ...rangeFields }, { title: "Consecutive occurrences without a job" }),
  ],
  { $id: "CustomerOccurrence" },
);

/** A page of `GET /job-definitions/{jobDefinitionCode}/occurrences`. */
export const OccurrenceList = Type.Object({ occurrences: Type.Array(Occurrence), nextCursor: NextCursor });

/** A page of `GET /occurrences`. */
export const CustomerOccurrenceList = Type.Object({
  occurrences: Type.Array(CustomerOccurrence),
  nextCursor: NextCursor,
  expectedUntil: nullable(
    Type.String({
      ...Timestamp,
      description:
        "Null where all that is expected in the window is told. Otherwise what is expected at this moment and behind it is not: the customer has too many schedules.",
    }),
  ),
});

/** Query of both lists of occurrences. */
export const OccurrenceQuery = closed({
  ...Page,
  after: Type.Optional(
    Type.String({ ...Timestamp, description: "Exclusive; 7 days before now, or before `before`, unless said." }),
  ),
  before: Type.Optional(
    Type.String({ ...Timestamp, description: "Exclusive; 7 days after now, or after `after`, unless said." }),
  ),
  outcome: Type.Optional(Type.Enum([...occurrenceOutcomes])),
});

/** The same, as it was sent. */
export type OccurrenceQueryText = Static<typeof OccurrenceQuery>;

/** What came of the last occurrences of a definition, oldest first. */
export const LastOutcomes = Type.Array(Type.Enum([...settledOutcomes]), {
  maxItems: 30,
  description: "What came of the last 30 occurrences, oldest first.",
});

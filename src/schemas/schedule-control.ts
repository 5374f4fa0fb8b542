import Type from "typebox";
import { closed, JobIdText, nullable, Timestamp } from "./primitives.ts";

/** Body of `POST /job-definitions/{jobDefinitionCode}/_backfill`. */
export const Backfill = closed({
  from: Type.String({ ...Timestamp, description: "The first moment of the range." }),
  to: Type.String({ ...Timestamp, description: "The end of the range, exclusive, and not ahead." }),
});

/** The jobs of a past range. */
export const BackfillAnswer = Type.Object({
  jobIds: Type.Array(JobIdText, { description: "In the order of the occurrences; a repeat answers the same." }),
});

/** Body of `POST /job-definitions/{jobDefinitionCode}/_pause`. */
export const Pause = closed({
  reason: Type.Optional(nullable(Type.String({ minLength: 1, maxLength: 1000 }))),
});

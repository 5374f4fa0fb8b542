import Type from "typebox";
import { NextCursor } from "./primitives.ts";

const JsonSchema = Type.Object({}, { additionalProperties: true, description: "JSON Schema, draft 2020-12." });

const JobType = Type.Object(
  {
    jobTypeCode: Type.String(),
    name: Type.String(),
    description: Type.String(),
    paramsSchema: JsonSchema,
    resultSchema: JsonSchema,
    defaults: Type.Object({ timeoutSeconds: Type.Integer() }),
  },
  { $id: "JobType" },
);

/** Answer of `GET /job-types/{jobTypeCode}`. */
export const JobTypeAnswer = Type.Object({ jobType: JobType });

/** A page of `GET /job-types`; all of them where no page was asked for. */
export const JobTypeList = Type.Object({
  jobTypes: Type.Array(JobType),
  nextCursor: NextCursor,
});

/** Address of one job type. Looser than a code may be, so that a wrong one is a 404. */
export const JobTypePath = Type.Object({ jobTypeCode: Type.String({ maxLength: 64 }) });

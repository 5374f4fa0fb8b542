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

export const JobTypeAnswer = Type.Object({ jobType: JobType });
export const JobTypeList = Type.Object({
  jobTypes: Type.Array(JobType),
  nextCursor: NextCursor,
});
export const JobTypePath = Type.Object({ jobTypeCode: Type.String({ maxLength: 64 }) });

/** What a job definition said before, save by save. */
import Type from "typebox";
import { JobTypeCode } from "./job-definitions.ts";
import { GivenJobOptions } from "./job-options.ts";
import { Code, closed, NextCursor, nullable, Page, Params, Timestamp } from "./primitives.ts";
import { GivenSchedule } from "./schedule.ts";

const Save = {
  version: Type.Integer({
    minimum: 1,
    description: "The definition's version that the save made; `ETag` had it then.",
  }),
  savedAt: Timestamp,
  savedBy: nullable(Type.String()),
};

/** Address of one version. */
export const DefinitionVersionPath = Type.Object({
  jobDefinitionCode: Code,
  version: Type.String({ pattern: "^[1-9][0-9]{0,8}$", description: "A version of the definition." }),
});

/** Query of `GET /job-definitions/{jobDefinitionCode}/versions`. */
export const DefinitionVersionQuery = closed(Page);

/** A page of `GET /job-definitions/{jobDefinitionCode}/versions`. */
export const DefinitionVersionList = Type.Object({
  versions: Type.Array(Type.Object(Save)),
  nextCursor: NextCursor,
});

/** What a definition said in one version. */
export const DefinitionVersionAnswer = Type.Object({
  version: Type.Object(
    {
      ...Save,
      jobDefinition: Type.Object(
        {
          jobDefinitionCode: Code,
          jobType: JobTypeCode,
          name: Type.String(),
          description: Type.String(),
          schedule: nullable(GivenSchedule),
          params: Params,
          options: GivenJobOptions,
        },
        { description: "As it was given: what is absent has its default. PUT takes it back as it is." },
      ),
    },
    { $id: "JobDefinitionVersion" },
  ),
});

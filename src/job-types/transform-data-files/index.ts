/** Makes files of others, record by record. */
import Type, { type Static } from "typebox";
import { defineJobType, FilesReport, faultsOfFileParams, fileParams, TargetFormat } from "../contract.ts";

const paramsSchema = Type.Object(
  {
    ...fileParams,
    targetBucketCode: fileParams.incomingBucketCode,
    targetFilenamePattern: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 255,
        description:
          "`{name}` is the name of the source without its extension. Unless given: that, with the extension of the format.",
        examples: ["{name}_{{date}}.jsonl"],
      }),
    ),
    targetFormat: TargetFormat,
  },
  { additionalProperties: false },
);

/** The job type `transformDataFiles`: as `validateDataFiles`, and the valid records go into a file in another bucket and format. */
export const transformDataFiles = defineJobType({
  code: "transformDataFiles",
  name: "Transform files",
  description:
    "Reads files of a bucket, checks and changes their records, and writes them to another bucket and format.",
  paramsSchema,
  resultSchema: FilesReport,
  defaults: { timeoutSeconds: 3_600 },
  checkParams: (params) => faultsOfFileParams(requestOf(params)),
  run: (ctx, params) => ctx.files.process(requestOf(params)),
});

function requestOf({ targetBucketCode, targetFilenamePattern, targetFormat, ...params }: Static<typeof paramsSchema>) {
  const target = {
    targetBucketCode,
    targetFormat,
    ...(targetFilenamePattern !== undefined && { targetFilenamePattern }),
  };
  return { ...params, target };
}

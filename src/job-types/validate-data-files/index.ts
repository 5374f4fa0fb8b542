/** Checks the records of files. */
import Type from "typebox";
import { defineJobType, FilesReport, faultsOfFileParams, fileParams } from "../contract.ts";

/** The job type `validateDataFiles`: what is wrong with records, in a file of errors beside each file. */
export const validateDataFiles = defineJobType({
  code: "validateDataFiles",
  name: "Validate files",
  description: "Reads files of a bucket and checks their records; what is not valid goes into a file of errors.",
  paramsSchema: Type.Object(fileParams, { additionalProperties: false }),
  resultSchema: FilesReport,
  defaults: { timeoutSeconds: 3_600 },
  checkParams: (params) => faultsOfFileParams({ ...params, target: null }),
  run: (ctx, params) => ctx.files.process({ ...params, target: null }),
});

/** The params of `downloadFile`: what forms and docs are generated from. */
import Type, { type Static } from "typebox";
import { holdsPlaceholder } from "../contract.ts";
import type { Fault } from "../shared/fault.ts";
import { BucketCode, checkRemote, Filename, remoteProperties } from "../shared/transfer-params.ts";

/** Where a file comes from, where it goes, and what it must be. */
export const paramsSchema = Type.Object(
  {
    ...remoteProperties,
    method: Type.Optional(
      Type.Enum(["GET", "POST"], {
        title: "Method",
        description: "For http and https. A download by POST is not resumed.",
        default: "GET",
        examples: ["GET"],
      }),
    ),
    bucketCode: BucketCode("The bucket that gets the file."),
    filename: Filename(
      "The name that the file gets; a file that has it is replaced. It may hold `{{timestamp}}`, `{{date}}`, `{{job.id}}` and the like.",
    ),
    gunzip: Type.Optional(
      Type.Boolean({
        title: "Unpack gzip",
        description: "Store what is in the gzip file instead of it.",
        default: false,
        examples: [true],
      }),
    ),
    expectedBytes: Type.Optional(
      Type.Integer({
        title: "Expected bytes",
        description: "The length of the file as the other end has it, before `gunzip`. Another one fails the job.",
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        examples: [1_048_576],
      }),
    ),
    sha256: Type.Optional(
      Type.String({
        title: "SHA-256",
        description: "Of the file as the other end has it, before `gunzip`, in hex. Another one fails the job.",
        pattern: "^[0-9A-Fa-f]{64}$",
        examples: ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
      }),
    ),
    maxBytes: Type.Optional(
      Type.Integer({
        title: "Most bytes",
        description: "How large the file may be, as it comes and as it is stored; at most what the node allows.",
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        examples: [104_857_600],
      }),
    ),
  },
  { additionalProperties: false },
);

/** The params of a download, checked; placeholders may still be in them. */
export type Params = Static<typeof paramsSchema>;

/** The rules that a JSON Schema cannot say, at creation; a string that holds a placeholder is left for the check at its use. */
export function checkParams(params: Params): Fault[] {
  return checkRemote(params, holdsPlaceholder);
}

/** The same at the moment of use, when nothing is left to be filled in. */
export function checkFilledParams(params: Params): Fault[] {
  return checkRemote(params, () => false);
}

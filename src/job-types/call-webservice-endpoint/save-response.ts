/** `saveResponseTo`: an answer's body goes into a bucket, a piece at a time, and not into the result. */
import { Readable } from "node:stream";
import Type, { type Static } from "typebox";
import type { JobContext, OutgoingResponse } from "../contract.ts";
import type { Fault, IsOpen } from "../shared/fault.ts";
import { BucketCode, Filename, faultOfGivenName } from "../shared/transfer-params.ts";
import type { Result } from "./result.ts";

/** Where the body goes. */
export const saveResponseSchema = Type.Object(
  {
    bucketCode: BucketCode("The bucket that gets the file."),
    filename: Filename("The name that the file gets; a file that has it is replaced."),
    maxBytes: Type.Optional(
      Type.Integer({
        title: "Most bytes",
        description: "How large the body may be, decoded; at most what the node allows.",
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        examples: [104_857_600],
      }),
    ),
  },
  {
    title: "Save the answer to",
    description:
      "Store the body of a success as a file instead of keeping it in the result; `maxResponseBytes` plays no part then. The file appears only when it is whole.",
    examples: [{ bucketCode: "incoming", filename: "orders_{{timestamp}}.json" }],
    additionalProperties: false,
  },
);

type SaveResponse = Static<typeof saveResponseSchema>;

/** What is wrong with `saveResponseTo`. */
export function checkSaveResponse({ filename }: SaveResponse, isOpen: IsOpen): Fault[] {
  const fault = faultOfGivenName(filename, isOpen);
  return fault === undefined ? [] : [{ path: "/saveResponseTo/filename", message: fault }];
}

/**
 * Stores the body.
 *
 * @throws JobError as `ctx.files.write` says, and what the body breaks with
 */
export async function saveResponse(
  ctx: JobContext,
  { bucketCode, filename, maxBytes }: SaveResponse,
  { body }: OutgoingResponse,
): Promise<NonNullable<Result["file"]>> {
  const limits = maxBytes === undefined ? {} : { mostBytes: maxBytes };
  const file = await ctx.files.write(bucketCode, filename, Readable.from(body, { objectMode: false }), limits);
  ctx.log.info(`${file.filename}: ${file.bytes} bytes, SHA-256 ${file.sha256}`);
  return { bucketCode, filename: file.filename, bytes: file.bytes, sha256: file.sha256 };
}

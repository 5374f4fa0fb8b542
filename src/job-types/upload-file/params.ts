/** The params of `uploadFile`: what forms and docs are generated from. */
import Type, { type Static } from "typebox";
import { holdsPlaceholder } from "../contract.ts";
import type { Fault, IsOpen } from "../shared/fault.ts";
import { BucketCode, checkRemote, Filename, remoteProperties } from "../shared/transfer-params.ts";

/** Which file goes where. */
export const paramsSchema = Type.Object(
  {
    bucketCode: BucketCode("The bucket that holds the file."),
    filename: Filename(
      "The name of the file in the bucket. It may hold `{{date}}`, `{{job.scheduledFor}}` and the like.",
    ),
    ...remoteProperties,
    method: Type.Optional(
      Type.Enum(["PUT", "POST"], {
        title: "Method",
        description: "For http and https; the file is the body of the request, as it is.",
        default: "PUT",
        examples: ["PUT"],
      }),
    ),
  },
  { additionalProperties: false },
);

/** The params of an upload, checked; placeholders may still be in them. */
export type Params = Static<typeof paramsSchema>;

/** The rules that a JSON Schema cannot say, at creation; a string that holds a placeholder is left for the check at its use. */
export function checkParams(params: Params): Fault[] {
  return check(params, holdsPlaceholder);
}

/** The same at the moment of use, when nothing is left to be filled in. */
export function checkFilledParams(params: Params): Fault[] {
  return check(params, () => false);
}

function check(params: Params, isOpen: IsOpen): Fault[] {
  const faults = checkRemote(params, isOpen);
  if (params.auth?.type === "hmac") {
    faults.push({
      path: "/auth",
      message: "signs a body that is held as a whole, and a file is not; use another kind",
    });
  }
  return faults;
}

/** What a call that went well leaves behind. */
import Type, { type Static } from "typebox";

const Milliseconds = Type.Union([Type.Number(), Type.Null()]);

/** What is kept of an answer. */
export const resultSchema = Type.Object({
  status: Type.Integer({ description: "The status that was answered." }),
  headers: Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]), {
    description: "The answer's headers, names in lower case; `set-cookie` is a list.",
  }),
  body: Type.Unknown({ description: "The answer's body as `bodyEncoding` says; null where it was empty." }),
  bodyEncoding: Type.Enum(["json", "text", "base64", "none"], { description: "What `body` is." }),
  truncated: Type.Boolean({ description: "Whether `body` is only the beginning." }),
  file: Type.Optional(
    Type.Object(
      {
        bucketCode: Type.String(),
        filename: Type.String(),
        bytes: Type.Integer(),
        sha256: Type.String(),
      },
      { description: "With `saveResponseTo`: the file that holds the body, which is null then. `sha256` is in hex." },
    ),
  ),
  url: Type.String({ description: "The address that answered, after redirects." }),
  polls: Type.Optional(
    Type.Integer({ description: "With `waitFor`: how often the work was asked after; the answer is the last one." }),
  ),
  pages: Type.Optional(
    Type.Integer({ description: "With `paginate`: how many pages were read; all but `body` is of the last one." }),
  ),
  items: Type.Optional(Type.Integer({ description: "With `paginate`: how many items the pages held." })),
  timings: Type.Object(
    {
      dnsMs: Milliseconds,
      connectMs: Milliseconds,
      tlsMs: Milliseconds,
      firstByteMs: Milliseconds,
      bodyMs: Milliseconds,
      totalMs: Type.Number(),
    },
    {
      description:
        "Milliseconds of each part, of the last redirect; null where a kept connection needed none. `totalMs` holds redirects and, where one had to be fetched, the token too.",
    },
  ),
});

/** What a call that went well leaves behind. */
export type Result = Static<typeof resultSchema>;

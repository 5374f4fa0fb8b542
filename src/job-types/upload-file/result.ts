/** What an upload leaves behind. */
import Type, { type Static } from "typebox";

/** What is kept of an upload that went well. */
export const resultSchema = Type.Object({
  bucketCode: Type.String({ description: "The bucket that the file was read from." }),
  filename: Type.String({ description: "Its name there." }),
  bytes: Type.Integer({ description: "How many bytes were sent." }),
  sha256: Type.String({ description: "Their SHA-256, in hex." }),
  url: Type.String({ description: "The address that took the file, after redirects." }),
  status: Type.Optional(Type.Integer({ description: "The status that was answered; http and https." })),
  headers: Type.Optional(
    Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]), {
      description: "The answer's headers, names in lower case; http and https.",
    }),
  ),
  body: Type.Optional(Type.Unknown({ description: "The answer's body, its first 16 KiB; http and https." })),
});

/** What is kept of an upload that went well. */
export type Result = Static<typeof resultSchema>;

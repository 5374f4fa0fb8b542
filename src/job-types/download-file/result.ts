/** What a download leaves behind. */
import Type, { type Static } from "typebox";

/** What is kept of a download that went well. */
export const resultSchema = Type.Object({
  bucketCode: Type.String({ description: "The bucket that holds the file." }),
  filename: Type.String({ description: "Its name." }),
  bytes: Type.Integer({ description: "Its length as it is stored." }),
  sha256: Type.String({ description: "Its SHA-256 as it is stored, in hex." }),
  receivedBytes: Type.Integer({ description: "How many bytes came, before `gunzip`." }),
  resumes: Type.Integer({ description: "Connections that were made after broken ones." }),
  url: Type.String({ description: "The address that gave the file, after redirects." }),
  contentType: Type.Optional(Type.String({ description: "What the server says that it is." })),
  etag: Type.Optional(Type.String({ description: "The server's name of this version." })),
  lastModified: Type.Optional(Type.String({ description: "When the server's file was changed, in its words." })),
});

/** What is kept of a download that went well. */
export type Result = Static<typeof resultSchema>;

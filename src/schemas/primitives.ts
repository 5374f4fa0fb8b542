/** The building blocks of the wire schemas. */
import Type, { type Static, type TSchema } from "typebox";
import "./formats.ts";
import { apiErrors } from "../model/api-errors.ts";
import { codePattern } from "../model/job-definition.ts";
import { jobIdPattern, uuidPattern } from "../model/job-id.ts";
import { roles } from "../model/roles.ts";

/** An object that refuses fields it does not know, by name. */
export function closed<Fields extends Record<string, TSchema>>(
  fields: Fields,
  options: { $id?: string; description?: string } = {},
) {
  return Type.Object(fields, { additionalProperties: false, ...options });
}

/** Lets a value be null as well. */
export function nullable<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()]);
}

/** A field that may be absent, and null for "back to the default". */
export function resettable<Schema extends TSchema>(schema: Schema) {
  return Type.Optional(nullable(schema));
}

/** A field of an answer that may be sent back and is then ignored. */
export const ReadOnly = Type.Optional(Type.Unsafe<unknown>({ readOnly: true, description: "Read-only; ignored." }));

/** A code that customers choose, of a definition for example. */
export const Code = Type.String({
  pattern: codePattern,
  description: "1–128 letters, digits, dots, dashes and underscores; case matters.",
});

/** A moment (RFC 3339), zone included. */
export const Timestamp = Type.String({
  format: "date-time",
  maxLength: 40,
  description: "RFC 3339, for example 2026-11-24T06:00:00Z.",
});

/** A job's id as callers know it: the UTC day of its making and a UUID. */
export const JobIdText = Type.String({
  pattern: jobIdPattern,
  examples: ["20240302-f3eb6180-9fc0-43c6-9fe3-528cc4981f2c"],
});

/** A UUID in lower case. */
export const Uuid = Type.String({ pattern: uuidPattern });

/** How urgent a job is among those of its customer. */
export const Priority = Type.Integer({ minimum: 1, maximum: 9, description: "1 is first; 5 unless said otherwise." });

/** An email address, of at most 254 characters (RFC 5321, section 4.5.3.1.3, less the angle brackets). */
export const Email = Type.String({ format: "email", maxLength: 254 });

/** The name of a role. */
export const RoleName = Type.Enum([...roles]);

/** Any JSON object: the schema of the job type says more. */
export const Params = Type.Unsafe<Record<string, unknown>>({
  type: "object",
  description: "Params of the job; the job type's paramsSchema says what they may hold.",
});

/** Query parameters of a list. */
export const Page = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 200, description: "How many at most; 50 unless said otherwise." }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 500, description: "The `nextCursor` of the page before." })),
};

/** Where the next page of a list begins. */
export const NextCursor = nullable(Type.String({ description: "null on the last page." }));

/** One fault in a request. */
export const FieldErrorSchema = Type.Object({
  path: Type.String({
    description:
      "JSON Pointer (RFC 6901) into the body, or `/name` of the query parameter, path part or header that the message names.",
  }),
  message: Type.String(),
});

/** RFC 9457. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.Enum(Object.keys(apiErrors)),
    detail: Type.String(),
    remedy: Type.Optional(Type.String({ description: "What to do about errors of this code." })),
    requestId: Type.String(),
    errors: Type.Optional(Type.Array(FieldErrorSchema)),
  },
  { $id: "Problem", title: "Problem", description: "RFC 9457 problem details." },
);

/** The body of a problem, as it is sent. */
export type ProblemBody = Static<typeof Problem>;

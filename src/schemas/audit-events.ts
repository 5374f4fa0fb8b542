import Type from "typebox";
import { NextCursor, nullable, Timestamp, Uuid } from "./primitives.ts";

const AuditEvent = Type.Object(
  {
    auditEventId: Uuid,
    at: Timestamp,
    actor: Type.String({ description: "An email address, or `operator` for the command line." }),
    action: Type.String(),
    subject: Type.String(),
    details: nullable(Type.Object({}, { additionalProperties: true })),
  },
  { $id: "AuditEvent" },
);

/** A page of `GET /audit-events`. */
export const AuditEventList = Type.Object({ auditEvents: Type.Array(AuditEvent), nextCursor: NextCursor });

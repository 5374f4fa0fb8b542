import Type from "typebox";
import { listOf, nullable, Timestamp, Uuid } from "./primitives.ts";

export const AuditEventList = listOf(
  "auditEvents",
  Type.Object({
    auditEventId: Uuid,
    at: Timestamp,
    actor: Type.String({ description: "An email address, or `operator` for the command line." }),
    action: Type.String(),
    subject: Type.String(),
    details: nullable(Type.Object({}, { additionalProperties: true })),
  }),
);

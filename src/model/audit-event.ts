import type { JsonObject } from "./job.ts";

/** One write, who made it, and to what. */
export interface AuditEvent {
  readonly auditEventId: string;
  readonly at: Date;
  /** An email address, or `operator` for the command line. */
  readonly actor: string;
  /** `thing.verb`: `jobDefinition.create`, `apiKey.revoke`. */
  readonly action: string;
  /** The code or id of the thing. */
  readonly subject: string;
  readonly details: JsonObject | null;
}

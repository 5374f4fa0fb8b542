import type { Role } from "./roles.ts";

/** Who asks: the key of a request, with what it may do. */
export interface Actor {
  readonly customerCode: string;
  readonly apiKeyId: string;
  readonly userId: string;
  /** The email of the key's person; told in triggers, `updatedBy` and the audit. */
  readonly email: string;
  /** The lesser of the key's and the person's. */
  readonly role: Role;
}

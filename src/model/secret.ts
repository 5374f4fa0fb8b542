/** A secret: a value that jobs use by its code, and that nobody reads back. */

/** A secret as it is listed: never with its value. */
export interface Secret {
  readonly secretCode: string;
  /** The hosts that the value may be sent to; null: any. */
  readonly hosts: readonly string[] | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

/** Bytes of a value as UTF-8: 64 KiB. */
export const largestSecret = 65_536;

/** Distinct secrets that one job may use. */
export const mostSecretsOfJob = 100;

/** Hosts that a secret may be bound to. */
export const mostSecretHosts = 50;

/** A secret's value in a run, with the hosts that it may be sent to. */
export interface SecretValue {
  readonly code: string;
  readonly value: string;
  readonly hosts: readonly string[] | null;
}

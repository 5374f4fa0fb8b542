/** A session with an SFTP server, as `src/egress/` and job types both see it. */
import type { InspectRequest } from "./outgoing-request.ts";

/** Where to, and as whom. */
export interface SftpLogin {
  /** Absolute, `sftp:`; of it host and port count. */
  readonly url: URL;
  readonly username: string;
  /** Answers a question of the server's too (keyboard-interactive). */
  readonly password?: string;
  /** OpenSSH, PEM or PPK. */
  readonly privateKey?: string;
  /** Decrypts `privateKey`. */
  readonly passphrase?: string;
  /** The fingerprints that the server's key may have, as `ssh-keygen -l` prints them: `SHA256:` and base64. At least one. */
  readonly hostKeys: readonly string[];
  /** Ends the session, for its whole life. */
  readonly signal: AbortSignal;
}

/** A file on the other end. */
export interface SftpFile {
  readonly bytes: number;
  /** Seconds since 1970. */
  readonly modifiedAt: number;
}

/**
 * An open session. Paths are the server's; one that does not begin with a slash starts at the account's own folder.
 *
 * @throws JobError SFTP_STATUS for what the server refuses, CONNECTION_LOST; the reason of the login's signal when it is aborted
 */
export interface SftpSession {
  /** What is there; null where nothing is. */
  stat(path: string): Promise<SftpFile | null>;
  /** Reads a file to the end that it has when it is opened. @param from bytes to leave out at its beginning */
  read(path: string, from: number): AsyncIterable<Uint8Array>;
  /** Writes a file, in place of what it held. @returns bytes */
  write(path: string, content: AsyncIterable<Uint8Array>): Promise<number>;
  /**
   * Renames a file, in place of one that has the new name.
   *
   * @throws JobError, with `details.leftAs` where `from` may be all that is left: then it is not to be removed
   */
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Ends the session; every call under way fails. */
  close(): void;
}

/**
 * Opens a session through the guarded way out.
 *
 * @throws JobError HOST_NOT_FOUND, ADDRESS_NOT_ALLOWED, CONNECTION_REFUSED, CONNECTION_LOST, HOST_KEY_MISMATCH, LOGIN_FAILED, SFTP_STATUS,
 *   INVALID_PARAMS (a host or key that is none). An abort of `signal` rejects with its reason, as it is.
 */
export type OpenSftp = (login: SftpLogin) => Promise<SftpSession>;

/** The same for the node itself, which may have a login looked at before anything of it is sent. */
export type InspectedSftp = (login: SftpLogin, inspect?: InspectRequest) => Promise<SftpSession>;

import type { ErrorEntry } from "./error-entry.ts";

/**
 * The registry of jobs' errors: every code with which a job can fail, once.
 *
 * `docs/errors.md` is held equal to it by a test. A code is never reused for another meaning.
 */

/** Codes of failed jobs (`error.code`); `retryable` is what they are unless the job says otherwise. */
export const jobErrors = {
  HOST_NOT_FOUND: {
    retryable: true,
    title: "No such host",
    meaning: "The host name of the URL has no address.",
    remedy: "Check the spelling of the host, and that its name is published where this node looks it up.",
  },
  ADDRESS_NOT_ALLOWED: {
    retryable: false,
    title: "Address not allowed",
    meaning:
      "The URL leads to a private, loopback, link-local or otherwise reserved address, or to one that the operator denied.",
    remedy:
      "Call a public address, or have the operator allow this one with PUNCTUAL_EGRESS_ALLOW or no longer deny it with PUNCTUAL_EGRESS_DENY.",
  },
  CONNECTION_REFUSED: {
    retryable: true,
    title: "Connection refused",
    meaning: "The host is there, but nothing listens on that port or a firewall refuses.",
    remedy: "Check the port and that the service runs.",
  },
  CONNECTION_LOST: {
    retryable: true,
    title: "Connection lost",
    meaning: "The connection broke, or could not be made, before the answer was complete.",
    remedy: "Retry; if it stays, look at the other end's log for the time of the attempt.",
  },
  TLS_ERROR: {
    retryable: false,
    title: "TLS failed",
    meaning: "No secure connection could be made: an invalid, expired or unknown certificate, or a wrong name in it.",
    remedy: "Mend the certificate of the other end; `details.reason` says what is wrong with it.",
  },
  HTTP_STATUS: {
    retryable: true,
    title: "Answered with an error status",
    meaning: "The webservice answered with a status outside `successStatus`.",
    remedy: "Read `details.response`: it is what the webservice said.",
  },
  RESPONSE_TOO_LARGE: {
    retryable: false,
    title: "Answer too large",
    meaning: "The answer is larger than `maxResponseBytes`, or has more pages or items than `paginate` allows.",
    remedy:
      "Ask for less, raise the limit that the message names, or set `onTooLarge` to `truncate` or `paginate.onLimit` to `stop`.",
  },
  INVALID_RESPONSE: {
    retryable: true,
    title: "Answer not understood",
    meaning: "The answer is not what was expected: not JSON, wrongly encoded, too many redirects, not HTTP.",
    remedy: "Read `details`; set `responseType` to what the webservice really sends.",
  },
  RESPONSE_REJECTED: {
    retryable: false,
    title: "Answered with a failure",
    meaning:
      "The status of the answer is one of success, but `successWhen` is not true of it, or `waitFor.failWhen` is: the work has failed.",
    remedy:
      "Read the message and `details.response`: they are what the webservice said. Name the status in `retryOn` if a retry may help.",
  },
  TOKEN_REQUEST_FAILED: {
    retryable: true,
    title: "No token",
    meaning: "The token URL of `auth` gave no token; the webservice itself was not called.",
    remedy:
      "Read `details.token`: it is what the token URL answered. Check its address, and the client's id, secret and scope.",
  },
  EXPRESSION_FAILED: {
    retryable: false,
    title: "Expression failed",
    meaning: "A JSONata expression of the params failed, or took more time, memory or room than it may.",
    remedy: "Try the expression on `details.response` and mend or simplify it.",
  },
  HOST_KEY_MISMATCH: {
    retryable: false,
    title: "Another host key",
    meaning: "The SFTP server shows a key that is not the one in `hostKey`. Nothing was sent to it.",
    remedy:
      "Ask whoever runs the server for its fingerprint. Put `details.hostKey` into `hostKey` only if that is the one: else somebody stands between.",
  },
  LOGIN_FAILED: {
    retryable: false,
    title: "Not let in",
    meaning: "The SFTP server did not accept the account with its password or private key.",
    remedy: "Check the user name and the secrets, and that the server takes this way of logging in.",
  },
  SFTP_STATUS: {
    retryable: true,
    title: "Refused by the SFTP server",
    meaning: "The SFTP server refused to read, write or rename a file: it is not there, or the account may not.",
    remedy: "Read the message; check the path in the URL, and the rights and room of the account.",
  },
  CHECKSUM_MISMATCH: {
    retryable: true,
    title: "Not the expected file",
    meaning: "What was transferred has another SHA-256 or length than was expected, or than the other end said.",
    remedy:
      "Compare `details` with what the other end publishes; correct `sha256` or `expectedBytes` if the file has changed. Nothing was kept.",
  },
  TIMED_OUT: {
    retryable: true,
    title: "Timed out",
    meaning:
      "The attempt took longer than `timeoutSeconds`, the job waited longer than `waitTimeoutSeconds`, or work at the other end was not done within the limits of `waitFor`.",
    remedy: "Raise the option that the message names, or make the work smaller.",
  },
  CANCELLED: {
    retryable: false,
    title: "Cancelled",
    meaning: "Somebody, or a rule of the schedule, cancelled the job.",
    remedy: "Rerun it if that was not meant.",
  },
  WORKER_LOST: {
    retryable: false,
    title: "Its node died",
    meaning: "The nodes that ran the job died three times, or once where `retry.onWorkerLost` is `fail`.",
    remedy: "Look for what kills the node (memory, the host) before you rerun it.",
  },
  SECRET_NOT_FOUND: {
    retryable: false,
    title: "No such secret",
    meaning: "The params name a secret that does not exist for this customer.",
    remedy: "Create the secret that the message names, or correct the name.",
  },
  SECRET_UNREADABLE: {
    retryable: false,
    title: "Secret not readable",
    meaning: "A secret that the job uses does not decrypt: its key is not among this node's, or its row was altered.",
    remedy: "Have the operator set PUNCTUAL_SECRET_KEY to the same keys on every node, or set the secret again.",
  },
  SECRET_NOT_ALLOWED: {
    retryable: false,
    title: "Secret not allowed there",
    meaning:
      "A request would have carried a secret to a host that the secret is not bound to, or in the name of a host.",
    remedy:
      "Add the host to the secret's `hosts`, or call a host that is among them; write the host itself into the params.",
  },
  INVALID_PARAMS: {
    retryable: false,
    title: "Params not valid",
    meaning: "The params break the job type's schema, as stored or after their placeholders were filled in.",
    remedy: "Mend the fields that `details.errors` points at.",
  },
  INVALID_RESULT: {
    retryable: false,
    title: "Result cannot be stored",
    meaning: "The job's code returned something that is not JSON or is too large.",
    remedy: "Have the job type return less, as plain JSON; PUNCTUAL_MAX_RESULT_BYTES is the most.",
  },
  BUCKET_NOT_FOUND: {
    retryable: false,
    title: "No such bucket",
    meaning: "The params name a bucket that does not exist for this customer, or that was deleted while the job ran.",
    remedy: "Make the bucket that the message names, or correct the code.",
  },
  FILE_NOT_FOUND: {
    retryable: false,
    title: "No such file",
    meaning: "The bucket has no file of that name.",
    remedy: "Check the name, and whether another job has moved the file.",
  },
  FILE_TOO_LARGE: {
    retryable: false,
    title: "File too large",
    meaning: "What was to become a file is larger than the params or the node allow; nothing of it was kept.",
    remedy: "Raise the limit that the message names, or split the file.",
  },
  RECORDS_INVALID: {
    retryable: false,
    title: "Records not valid",
    meaning:
      "Files hold records that are not valid, and `skipInvalidRecords` is not set; no target was made of those files.",
    remedy: "Read the files of errors that `details.files` names; mend the records, or set `skipInvalidRecords`.",
  },
  FILE_UNREADABLE: {
    retryable: false,
    title: "File cannot be read",
    meaning:
      "A file is not of its format, is cut off, or exceeds a bound; `details.files` says which, and where in it.",
    remedy: "Send the file again, or correct `parseOptions`.",
  },
  STORAGE_FULL: {
    retryable: true,
    title: "Storage full",
    meaning: "The storage of files takes no more; nothing of the file was kept.",
    remedy: "Delete files that are not needed, or have the operator give the storage more room.",
  },
  STORAGE_UNAVAILABLE: {
    retryable: true,
    title: "Storage not available",
    meaning: "The storage of files cannot be reached, or is another than that of the other nodes.",
    remedy: "Have the operator look at the node's log and its storage.",
  },
  CHILD_REFUSED: {
    retryable: false,
    title: "Child job refused",
    meaning:
      "The job asked for a child that cannot be made: an unknown definition or type, params or options that break a rule, too many children, or too deep a nesting.",
    remedy: "Read the message: it names the step and what is wrong with it.",
  },
  SELF_BLOCKED: {
    retryable: false,
    title: "Blocked by its own ancestors",
    meaning: "The job is the child of jobs that wait for it and hold all of `options.maxConcurrent` of its definition.",
    remedy: "Raise `options.maxConcurrent` of that definition, or have the parent use another definition.",
  },
  JOB_TYPE_NOT_FOUND: {
    retryable: false,
    title: "Job type not there",
    meaning: "The node that took the job does not know its job type.",
    remedy: "Start every node with the same job types.",
  },
  JOB_TYPE_ERROR: {
    retryable: true,
    title: "The job's code failed",
    meaning: "The code of the job type threw an error that is not one of the others.",
    remedy: "Read the message and the log; it is a fault of the job type unless they say otherwise.",
  },
} as const satisfies Record<string, ErrorEntry & { readonly retryable: boolean }>;

/** A code with which a job may fail. */
export type JobErrorCode = keyof typeof jobErrors;

/** An error that ends an attempt of a job. */
export class JobError extends Error {
  readonly code: JobErrorCode;
  readonly retryable: boolean;
  /** Plain JSON for `error.details`. */
  readonly details: Readonly<Record<string, unknown>> | undefined;
  /** Seconds that the other end asked to be left alone (`Retry-After`). */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: JobErrorCode,
    message: string,
    more: { details?: Record<string, unknown>; retryable?: boolean; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.name = "JobError";
    this.code = code;
    this.retryable = more.retryable ?? jobErrors[code].retryable;
    this.details = more.details;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

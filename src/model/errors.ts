/**
 * The error registry: every code that a caller or a job can meet, once.
 *
 * `docs/errors.md` is held equal to these two tables by a test. A code is never reused for another meaning.
 */

/** What a registry entry tells: `meaning` for the reader of the docs, `remedy` for the one who met it. */
interface Entry {
  readonly title: string;
  readonly meaning: string;
  readonly remedy: string;
}

/** Codes of HTTP answers (RFC 9457 problems), with their status. */
export const apiErrors = {
  VALIDATION_FAILED: {
    status: 400,
    title: "The request is not valid",
    meaning: "A header, path, query parameter or field of the body breaks a rule, or the body nests deeper than 64.",
    remedy: "Mend each field that `errors` points at.",
  },
  MALFORMED_JSON: {
    status: 400,
    title: "The body is not JSON",
    meaning: "The body cannot be read as UTF-8 JSON.",
    remedy: "Send UTF-8 JSON; `detail` names the place.",
  },
  UNAUTHENTICATED: {
    status: 401,
    title: "No valid key",
    meaning: "The request carries no API key, or one that is unknown, expired or revoked.",
    remedy: "Send `Authorization: Bearer <key>` with a key that is valid now.",
  },
  FORBIDDEN: {
    status: 403,
    title: "The key may not do this",
    meaning: "The key belongs to another customer than `X-Customer-Code` names, or its role does not suffice.",
    remedy: "Name the key's own customer, or ask an admin for a key with the role that `detail` names.",
  },
  NOT_FOUND: {
    status: 404,
    title: "There is no such thing",
    meaning: "Nothing of that name exists for this customer, or the address is not one of the API's.",
    remedy: "Check the code or id, and the address.",
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: "The request came too slowly",
    meaning: "The request did not arrive whole within 30 seconds.",
    remedy: "Send it again over a faster connection, or send less.",
  },
  CONFLICT: {
    status: 409,
    title: "It is in the way of something that exists",
    meaning: "The code is taken, the thing is in a state that does not allow this, or an Idempotency-Key was reused.",
    remedy: "Choose another code or key, or read the thing's present state first.",
  },
  PRECONDITION_FAILED: {
    status: 412,
    title: "It has changed since you read it",
    meaning: "`If-Match` does not match the definition's `ETag`.",
    remedy: "Read it again, apply your change to what it is now, and send the new `ETag`.",
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    title: "The request is too large",
    meaning: "The body is over 1 MiB, or the headers and the address together are over 16 KiB.",
    remedy: "Send less, or put the data in a file that the job fetches.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: "The body is not of a kind that is read here",
    meaning: "The `Content-Type` of the body is not `application/json`.",
    remedy: "Send `Content-Type: application/json`.",
  },
  RATE_LIMITED: {
    status: 429,
    title: "Too much at once",
    meaning: "The customer has reached a limit.",
    remedy: "Wait for `Retry-After` seconds, then go on more slowly.",
  },
  INTERNAL_ERROR: {
    status: 500,
    title: "A fault of ours",
    meaning: "Something broke that should not have; the node's log has it under the same `requestId`.",
    remedy: "Try again; if it stays, report it with the `requestId`.",
  },
  UNAVAILABLE: {
    status: 503,
    title: "Not available at the moment",
    meaning: "The database cannot be reached or the node is stopping. Whether a write took effect may be unknown.",
    remedy: "Try again after `Retry-After` seconds; send an `Idempotency-Key` so that a repeat makes no second job.",
  },
} as const satisfies Record<string, Entry & { readonly status: number }>;

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
    meaning: "The URL leads to a private, loopback, link-local or otherwise reserved address.",
    remedy: "Call a public address, or have the operator allow this one with PUNCTUAL_EGRESS_ALLOW.",
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
    meaning: "The answer is larger than `maxResponseBytes`.",
    remedy: "Ask for less, raise `maxResponseBytes`, or set `onTooLarge` to `truncate`.",
  },
  INVALID_RESPONSE: {
    retryable: true,
    title: "Answer not understood",
    meaning: "The answer is not what was expected: not JSON, wrongly encoded, too many redirects, not HTTP.",
    remedy: "Read `details`; set `responseType` to what the webservice really sends.",
  },
  TIMED_OUT: {
    retryable: true,
    title: "Timed out",
    meaning: "The attempt took longer than `timeoutSeconds`, or the job waited longer than `waitTimeoutSeconds`.",
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
} as const satisfies Record<string, Entry & { readonly retryable: boolean }>;

/** A code that an answer of the API may carry. */
export type ApiErrorCode = keyof typeof apiErrors;

/** A code with which a job may fail. */
export type JobErrorCode = keyof typeof jobErrors;

/**
 * One fault in the input. `path` is a JSON Pointer into the body (`""`: all of it, or the address), or `/name` of the
 * query parameter, path part or header that the message names.
 */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** An error that becomes an HTTP answer. */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  readonly status: number;
  readonly errors: readonly FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ApiErrorCode,
    detail: string,
    more: { errors?: readonly FieldError[]; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(detail, { cause: more.cause });
    this.name = "ApiError";
    this.code = code;
    this.status = apiErrors[code].status;
    this.errors = more.errors;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

/** 404: nothing of that name, or another customer's. */
export function notFound(kind: string, name: string): ApiError {
  return new ApiError("NOT_FOUND", `There is no ${kind} ${JSON.stringify(name)}.`);
}

/** At most this many are told: a body of 1 MiB can hold a hundred thousand faults. */
const mostErrors = 20;
/** Longest pointer and sentence, in characters: what was sent is repeated only so far. */
const longestText = 400;

/** 400 with a pointer to each field of the body, as far as a reader can take them in. */
export function invalid(all: readonly FieldError[]): ApiError {
  return validationFailed(all, ({ path, message }) => `${path === "" ? "The request" : path}: ${message}`);
}

/** 400 for query parameters, path parts and headers, which each message names itself. */
export function invalidOutsideBody(all: readonly FieldError[]): ApiError {
  return validationFailed(all, ({ message }) => message);
}

function validationFailed(all: readonly FieldError[], sentenceOf: (error: FieldError) => string): ApiError {
  const errors = all.slice(0, mostErrors).map(({ path, message }) => ({ path: cut(path), message: cut(message) }));
  const first = errors[0];
  const detail = first ? sentenceOf(first) : "The request is not valid.";
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  return new ApiError("VALIDATION_FAILED", detail + more, { errors });
}

function cut(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText).toWellFormed()}…`;
}

/** 409: it collides with what exists. */
export function conflict(detail: string): ApiError {
  return new ApiError("CONFLICT", detail);
}

/** 503: try again; `detail` says whether something may have happened. */
export function unavailable(detail: string, cause?: unknown): ApiError {
  return new ApiError("UNAVAILABLE", detail, { retryAfterSeconds: 1, cause });
}

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

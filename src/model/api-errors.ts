import type { ErrorEntry } from "./error-entry.ts";

/**
 * The registry of the API's errors: every code that a caller can meet, once.
 *
 * `docs/errors.md` is held equal to it by a test. A code is never reused for another meaning.
 */

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
  RANGE_NOT_SATISFIABLE: {
    status: 416,
    title: "The file has no such bytes",
    meaning: "The header `Range` begins behind the end of the file.",
    remedy: "Ask for bytes that the file has: `detail` says how many there are.",
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
} as const satisfies Record<string, ErrorEntry & { readonly status: number }>;

/** A code that an answer of the API may carry. */
export type ApiErrorCode = keyof typeof apiErrors;

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

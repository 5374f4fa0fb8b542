/** What a failed call tells: the request without its secrets, and the answer as far as it came. */
import { JobError, type OutgoingRequest, type OutgoingResponse } from "../contract.ts";
import type { Result } from "./params.ts";
import { interpretBody, readBytes } from "./read-body.ts";

/** Bytes of the answer's body that a failure keeps: 16 KiB. */
const maxDetailBytes = 16 * 1024;

/** Names that suggest a secret, of headers and of search params. */
const secretive = /auth|cookie|key|token|secret|password|passwd|signature|credential|session/i;

/** A day: who asks for more is asked again then. */
const maxRetryAfterSeconds = 86_400;

/** `error` with the request beside what its details hold already. */
export function withRequest(error: JobError, request: OutgoingRequest): JobError {
  return new JobError(error.code, error.message, {
    details: { ...error.details, request: describeRequest(request) },
    retryable: error.retryable,
    ...(error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
    cause: error.cause ?? error,
  });
}

/** The answer came with a status that does not count as success; reads as much of its body as is kept. */
export async function statusFailure(
  request: OutgoingRequest,
  response: OutgoingResponse,
  timings: () => Result["timings"],
): Promise<JobError> {
  const { status, statusText, headers } = response;
  const body = await readWhatCame(response, request.signal);
  const retryAfterSeconds = retryAfter(headers);
  const hint = status >= 300 && status < 400 ? redirectHint(request, headers) : "";
  return new JobError(
    "HTTP_STATUS",
    `${request.method} ${withoutQuery(response.url)} answered ${status}${statusText === "" ? "" : ` ${statusText.slice(0, 100)}`}${hint}`,
    {
      details: { response: { status, headers, ...body, url: maskUrl(response.url), timings: timings() } },
      retryable: status === 408 || status === 425 || status === 429 || status >= 500,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    },
  );
}

/** The answer is larger than `maxBytes`. */
export function tooLarge(response: OutgoingResponse, maxBytes: number): JobError {
  const { status, headers } = response;
  return new JobError(
    "RESPONSE_TOO_LARGE",
    `The answer is larger than maxResponseBytes (${maxBytes}); ask for less, raise it, or set onTooLarge to "truncate".`,
    { details: { maxResponseBytes: maxBytes, response: { status, headers, url: maskUrl(response.url) } } },
  );
}

/** `url` with the values of search params that look like secrets masked. */
export function maskUrl(url: string): string {
  if (!url.includes("?")) return url;
  return url.replace(/([?&])([^=&#]*)=([^&#]*)/g, (all, before: string, name: string) =>
    secretive.test(name) ? `${before}${name}=***` : all,
  );
}

function describeRequest({ method, url, headers }: OutgoingRequest): Record<string, unknown> {
  const masked = Object.entries(headers).map(([name, value]) => [name, isSecret(name) ? "***" : value]);
  return { method, url: maskUrl(url.href), headers: Object.fromEntries(masked) };
}

function isSecret(header: string): boolean {
  return secretive.test(header) && header.toLowerCase() !== "idempotency-key";
}

/** An answer that breaks off still tells why: the status came whole. */
async function readWhatCame(response: OutgoingResponse, signal: AbortSignal) {
  try {
    const read = await readBytes(response, maxDetailBytes);
    return interpretBody(read, contentTypeOf(response), "auto");
  } catch (error) {
    if (signal.aborted) throw error;
    return { body: null, bodyEncoding: "none", truncated: true };
  }
}

/** The media type of an answer as it was sent, parameters included; empty where there was none. */
export function contentTypeOf({ headers }: OutgoingResponse): string {
  const value = headers["content-type"];
  return typeof value === "string" ? value : "";
}

/** Seconds that `Retry-After` asks for (RFC 9110, section 10.2.3), by the clock of whoever sent it. */
function retryAfter(headers: OutgoingResponse["headers"]): number | undefined {
  const value = headers["retry-after"];
  if (typeof value !== "string") return undefined;
  if (/^\d{1,10}$/.test(value)) return Math.min(Number(value), maxRetryAfterSeconds);
  const until = Date.parse(value);
  if (Number.isNaN(until)) return undefined;
  const sent = typeof headers.date === "string" ? Date.parse(headers.date) : Number.NaN;
  const seconds = Math.ceil((until - (Number.isNaN(sent) ? Date.now() : sent)) / 1000);
  return Math.min(Math.max(seconds, 0), maxRetryAfterSeconds);
}

function redirectHint(request: OutgoingRequest, headers: OutgoingResponse["headers"]): string {
  const { location } = headers;
  if (typeof location !== "string" || request.maxRedirects > 0) return "";
  return `, a redirect to ${withoutQuery(location)}; set followRedirects to true, or add the status to successStatus`;
}

function withoutQuery(url: string): string {
  return (url.split(/[?#]/, 1)[0] ?? "").slice(0, 500);
}

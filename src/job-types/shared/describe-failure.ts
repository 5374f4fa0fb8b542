/** What a failed call tells: cause and remedy, the request without its credentials, the answer as far as it came, and the time line. */
import { type JobContext, JobError, type OutgoingRequest } from "../contract.ts";
import { asCurl, type ShownRequest, type ShownTls } from "./as-curl.ts";
import { type Exchange, maxDetailBytes, timingsOf } from "./exchange.ts";
import { type HiddenNames, maskHeaders, maskUrl } from "./mask.ts";
import { contentTypeOf, interpretBody } from "./read-body.ts";

/** What `error.details` says first. */
export interface Explanation {
  readonly cause: string;
  readonly remedy: string;
}

/**
 * The error with which a call ends that ended so. What is no JobError is a fault of ours and passes as it is; an abort keeps the
 * code and message of its reason, which is the cause of what is thrown.
 */
export function describeFailure(
  ctx: JobContext,
  explain: (error: JobError) => Explanation,
  exchange: Exchange,
  error: unknown,
): unknown {
  const failed = ctx.signal.aborted ? ctx.signal.reason : error;
  if (!(failed instanceof JobError)) return failed;
  const { request, hidden } = exchange;
  const details = {
    ...explain(failed),
    attempt: ctx.attempt,
    maxAttempts: ctx.maxAttempts,
    ...(request ? { request: describeRequest(ctx, request, hidden) } : {}),
    ...(exchange.response ? { response: describeResponse(exchange) } : {}),
    ...failed.details,
    timings: timingsSoFar(exchange, failed.details?.timings),
  };
  return new JobError(failed.code, failed.message, {
    details,
    retryable: failed.retryable,
    ...(failed.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: failed.retryAfterSeconds }),
    cause: failed,
  });
}

/** Where no answer came, the error tells how long the parts before it took. */
function timingsSoFar(exchange: Exchange, told: unknown): Record<string, unknown> {
  const parts = typeof told === "object" && told !== null ? Object.entries(told) : [];
  const rounded = parts.map(([part, ms]) => [part, typeof ms === "number" ? Math.round(ms * 100) / 100 : null]);
  return { ...timingsOf(exchange), ...Object.fromEntries(rounded) };
}

/** Secrets are hidden before the line for a shell is made: behind its quotes they would no longer be recognised. */
function describeRequest(
  { secrets }: JobContext,
  request: OutgoingRequest,
  hidden: HiddenNames,
): ShownRequest & { readonly curl: string } {
  const { method, url, headers, body } = request;
  const told = describeBody(body);
  const shown: ShownRequest = {
    ...told,
    method,
    url: secrets.mask(maskUrl(url.href, hidden)),
    headers: Object.fromEntries(
      Object.entries(maskHeaders(headers, hidden)).map(([name, value]) => [name, secrets.mask(value)]),
    ),
    body: told.body === null ? null : secrets.mask(told.body),
    ...(request.tls && { tls: describeTls(request.tls, secrets.mask) }),
  };
  return { ...shown, curl: asCurl(shown, request.maxRedirects > 0) };
}

function describeTls(tls: NonNullable<OutgoingRequest["tls"]>, mask: (text: string) => string): ShownTls {
  return {
    ca: tls.ca !== undefined,
    certificate: tls.certificate !== undefined,
    passphrase: tls.passphrase !== undefined,
    servername: tls.servername === undefined ? null : mask(tls.servername),
    insecure: tls.insecure === true,
  };
}

function describeBody(body: OutgoingRequest["body"]): Pick<ShownRequest, "body" | "bodyEncoding" | "bodyTruncated"> {
  if (body === undefined) return { body: null, bodyEncoding: "none", bodyTruncated: false };
  // What lies in a file is not shown; `bodyTruncated` has the line for a shell read it from one.
  if (typeof body === "object" && !(body instanceof Uint8Array)) {
    return { body: "", bodyEncoding: "text", bodyTruncated: true };
  }
  if (typeof body === "string") {
    return { body: body.slice(0, maxDetailBytes), bodyEncoding: "text", bodyTruncated: body.length > maxDetailBytes };
  }
  const start = Buffer.from(body.subarray(0, maxDetailBytes));
  const text = textOf(body);
  if (text !== undefined) {
    return { body: text.slice(0, maxDetailBytes), bodyEncoding: "text", bodyTruncated: text.length > maxDetailBytes };
  }
  return { body: start.toString("base64"), bodyEncoding: "base64", bodyTruncated: body.length > maxDetailBytes };
}

/** Multipart is text as long as its files are; no shell can be given a NUL. */
function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function describeResponse({ response, received, bodyEnded, hidden }: Exchange): Record<string, unknown> | undefined {
  if (!response) return undefined;
  const bytes = Buffer.concat(received);
  const truncated = !bodyEnded || bytes.byteLength > maxDetailBytes;
  const body = interpretBody({ bytes: bytes.subarray(0, maxDetailBytes), truncated }, contentTypeOf(response), "auto");
  const { status, statusText, headers, url, redirects } = response;
  return {
    status,
    statusText,
    headers,
    ...body,
    url: maskUrl(url, hidden),
    redirects: redirects.map((one) => maskUrl(one, hidden)),
  };
}

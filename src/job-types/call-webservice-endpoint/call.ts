/** One call, from its params to the answer that is kept. */
import { type JobContext, JobError, type OutgoingResponse } from "../contract.ts";
import { credentialNames } from "../shared/auth/authorize.ts";
import { type Exchange, maxDetailBytes, newExchange, timingsOf } from "../shared/exchange.ts";
import { maskUrl } from "../shared/mask.ts";
import { contentTypeOf, interpretBody, readBytes } from "../shared/read-body.ts";
import { sendAs } from "../shared/send.ts";
import { buildRequest } from "./build-request.ts";
import { describeFailure } from "./describe-failure.ts";
import { isSuccessStatus, requireSuccess, statusFailure } from "./judge.ts";
import { defaultMaxResponseBytes, type Params } from "./params.ts";
import type { Result } from "./result.ts";
import { saveResponse } from "./save-response.ts";

/** An answer that is a success. */
export interface Answer {
  readonly result: Result;
  /** The address that answered, with nothing masked. */
  readonly url: string;
}

/**
 * Sends the request that the params describe and keeps its answer.
 *
 * @param params checked, with nothing left to be filled in
 * @throws JobError of every code that a call may fail with; its details tell the request, the answer so far, the time line, cause and remedy
 */
export function call(ctx: JobContext, params: Params): Promise<Result> {
  return callAnd(ctx, params, async ({ result }) => result);
}

/**
 * The same, and then looks at the answer.
 *
 * @param look what it throws is told with the same details as a failure of the call
 * @returns what `look` makes of it
 */
export async function callAnd<Value>(
  ctx: JobContext,
  params: Params,
  look: (answer: Answer) => Promise<Value>,
): Promise<Value> {
  const exchange = newExchange(credentialNames(params.auth));
  try {
    const response = await sendAs(ctx, params.auth, await buildRequest(ctx, params), exchange);
    const result = await keep(ctx, params, exchange, response);
    return await look({ result, url: response.url });
  } catch (error) {
    throw describeFailure(ctx, params, exchange, error);
  }
}

async function keep(ctx: JobContext, params: Params, exchange: Exchange, response: OutgoingResponse): Promise<Result> {
  const contentType = contentTypeOf(response);
  if (!isSuccessStatus(response.status, params)) {
    const read = await readWhatComes(ctx, response, exchange);
    throw await statusFailure(ctx, params, response, interpretBody(read, contentType, "auto"));
  }

  if (params.saveResponseTo) return save(ctx, params, params.saveResponseTo, exchange, response);
  const maxBytes = params.maxResponseBytes ?? defaultMaxResponseBytes;
  const read = await readBytes(response, maxBytes, exchange.received);
  exchange.bodyEnded = !read.truncated;
  if (read.truncated && params.onTooLarge !== "truncate") throw tooLarge(maxBytes);
  const body = interpretBody(read, contentType, params.responseType);
  await requireSuccess(ctx, params, response, body);
  return {
    status: response.status,
    headers: response.headers,
    ...body,
    url: maskUrl(response.url, exchange.hidden),
    timings: timingsOf(exchange),
  };
}

/** What expressions see of it is status and headers: the body is not held. */
async function save(
  ctx: JobContext,
  params: Params,
  where: NonNullable<Params["saveResponseTo"]>,
  exchange: Exchange,
  response: OutgoingResponse,
): Promise<Result> {
  const body = { body: null, bodyEncoding: "none", truncated: false } as const;
  try {
    await requireSuccess(ctx, params, response, body);
    const file = await saveResponse(ctx, where, response);
    exchange.bodyEnded = true;
    const url = maskUrl(response.url, exchange.hidden);
    return { status: response.status, headers: response.headers, ...body, file, url, timings: timingsOf(exchange) };
  } finally {
    response.body.destroy();
  }
}

/** An answer that breaks off still tells why it is no success: the status came whole. */
async function readWhatComes(ctx: JobContext, response: OutgoingResponse, exchange: Exchange) {
  try {
    const read = await readBytes(response, maxDetailBytes, exchange.received);
    exchange.bodyEnded = !read.truncated;
    return read;
  } catch (error) {
    if (!(error instanceof JobError) || ctx.signal.aborted) throw error;
    return { bytes: Buffer.concat(exchange.received), truncated: true };
  }
}

function tooLarge(maxBytes: number): JobError {
  return new JobError(
    "RESPONSE_TOO_LARGE",
    `The answer is larger than maxResponseBytes (${maxBytes}); ask for less, raise it, or set onTooLarge to "truncate".`,
    { details: { maxResponseBytes: maxBytes } },
  );
}

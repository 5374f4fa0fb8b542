/** One call, from its params to the answer that is kept. */
import { type JobContext, JobError, type OutgoingRequest, type OutgoingResponse } from "../contract.ts";
import { authorize, credentialNames } from "./auth/authorize.ts";
import { buildRequest } from "./build-request.ts";
import { describeFailure } from "./describe-failure.ts";
import { type Exchange, maxDetailBytes, newExchange, timingsOf } from "./exchange.ts";
import { isSuccessStatus, statusFailure } from "./judge.ts";
import { maskUrl } from "./mask.ts";
import { defaultMaxResponseBytes, type Params } from "./params.ts";
import { contentTypeOf, interpretBody, readBytes } from "./read-body.ts";
import type { Result } from "./result.ts";

/** Characters of a URL that a line of the log shows. */
const longestUrl = 1_000;

/**
 * Sends the request that the params describe and keeps its answer.
 *
 * @param params checked, with nothing left to be filled in
 * @throws JobError of every code that a call may fail with; its details tell the request, the answer so far, the time line, cause and remedy
 */
export async function call(ctx: JobContext, params: Params): Promise<Result> {
  const exchange = newExchange(credentialNames(params.auth));
  try {
    const response = await send(ctx, params, exchange);
    return await keep(ctx, params, exchange, response);
  } catch (error) {
    throw describeFailure(ctx, params, exchange, error);
  }
}

async function send(ctx: JobContext, params: Params, exchange: Exchange): Promise<OutgoingResponse> {
  const { auth } = params;
  const plain = await buildRequest(ctx, params);
  const request = auth === undefined ? plain : authorize(ctx, auth, plain);
  return fetch(ctx, exchange, request);
}

async function fetch(ctx: JobContext, exchange: Exchange, request: OutgoingRequest): Promise<OutgoingResponse> {
  exchange.request = request;
  ctx.log.info(`${request.method} ${shown(request.url.href, exchange)}`);
  const response = await ctx.fetch(request);
  exchange.response = response;
  exchange.headAt = performance.now();
  const ms = Math.round(exchange.headAt - exchange.startedAt);
  ctx.log.info(`${response.status} from ${shown(response.url, exchange)} in ${ms} ms`);
  return response;
}

/** As the log shows it. */
function shown(url: string, { hidden }: Exchange): string {
  return maskUrl(url, hidden).slice(0, longestUrl);
}

async function keep(ctx: JobContext, params: Params, exchange: Exchange, response: OutgoingResponse): Promise<Result> {
  const contentType = contentTypeOf(response);
  if (!isSuccessStatus(response.status, params)) {
    const read = await readWhatComes(response, exchange);
    throw statusFailure(ctx, params, response, interpretBody(read, contentType, "auto"));
  }

  const maxBytes = params.maxResponseBytes ?? defaultMaxResponseBytes;
  const read = await readBytes(response, maxBytes, exchange.received);
  exchange.bodyEnded = !read.truncated;
  if (read.truncated && params.onTooLarge !== "truncate") throw tooLarge(maxBytes);
  const body = interpretBody(read, contentType, params.responseType);
  return {
    status: response.status,
    headers: response.headers,
    ...body,
    url: maskUrl(response.url, exchange.hidden),
    timings: timingsOf(exchange),
  };
}

/** An answer that breaks off still tells why it is no success: the status came whole. */
async function readWhatComes(response: OutgoingResponse, exchange: Exchange) {
  try {
    const read = await readBytes(response, maxDetailBytes, exchange.received);
    exchange.bodyEnded = !read.truncated;
    return read;
  } catch (error) {
    if (!(error instanceof JobError) || exchange.request?.signal.aborted) throw error;
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

/** One call, from its params to the answer that is kept. */
import { type JobContext, JobError, type OutgoingRequest, type OutgoingResponse } from "../contract.ts";
import { authorize, credentialNames, withBearer } from "./auth/authorize.ts";
import { clientAuthorization } from "./auth/request-token.ts";
import { createTokenSource } from "./auth/token-source.ts";
import { buildRequest } from "./build-request.ts";
import { describeFailure } from "./describe-failure.ts";
import { type Exchange, maxDetailBytes, newExchange, timingsOf } from "./exchange.ts";
import { isSuccessStatus, requireSuccess, statusFailure } from "./judge.ts";
import { maskUrl } from "./mask.ts";
import { defaultMaxResponseBytes, type Params } from "./params.ts";
import { contentTypeOf, interpretBody, readBytes } from "./read-body.ts";
import type { Result } from "./result.ts";

/** The node's tokens: jobs with the same credentials share them. */
const tokens = createTokenSource();

/** Characters of a URL that a line of the log shows. */
const longestUrl = 1_000;

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
    const response = await send(ctx, params, exchange);
    const result = await keep(ctx, params, exchange, response);
    return await look({ result, url: response.url });
  } catch (error) {
    throw describeFailure(ctx, params, exchange, error);
  }
}

async function send(ctx: JobContext, params: Params, exchange: Exchange): Promise<OutgoingResponse> {
  const { auth } = params;
  const request = await buildRequest(ctx, params);
  exchange.request = request;
  if (auth === undefined) return fetch(ctx, exchange, request);
  if (auth.type !== "oauth2ClientCredentials") return fetch(ctx, exchange, authorize(ctx, auth, request));

  exchange.stage = "token";
  ctx.secrets.hide(clientAuthorization(auth));
  const token = await tokens.token(ctx, auth);
  ctx.secrets.hide(token);
  const response = await fetch(ctx, exchange, withBearer(request, token));
  if (response.status !== 401) return response;
  // A token may end before its time: it was withdrawn, or the other end has lost it.
  exchange.stage = "token";
  const fresh = await tokens.token(ctx, auth, token);
  if (fresh === token) return response;
  ctx.secrets.hide(fresh);
  ctx.log.info("the token was refused; once more with a new one");
  response.body.destroy();
  return fetch(ctx, exchange, withBearer(request, fresh));
}

async function fetch(ctx: JobContext, exchange: Exchange, request: OutgoingRequest): Promise<OutgoingResponse> {
  exchange.request = request;
  exchange.stage = "sent";
  exchange.response = undefined;
  exchange.headAt = undefined;
  ctx.log.info(`${request.method} ${shown(request.url.href, exchange)}`);
  const sentAt = performance.now();
  const response = await ctx.fetch(request);
  exchange.response = response;
  exchange.headAt = performance.now();
  ctx.log.info(
    `${response.status} from ${shown(response.url, exchange)} in ${Math.round(exchange.headAt - sentAt)} ms`,
  );
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
    throw await statusFailure(ctx, params, response, interpretBody(read, contentType, "auto"));
  }

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

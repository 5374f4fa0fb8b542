/** Whether an answer is a success, and how it fails the job where it is not. */

import { type JobContext, JobError, type OutgoingResponse } from "../contract.ts";
import { cut } from "../shared/cut.ts";
import { errorTextOf } from "../shared/error-text.ts";
import type { Body } from "../shared/read-body.ts";
import { retryAfterSeconds } from "../shared/retry-after.ts";
import { defaultRetryOn, isAmong } from "../shared/statuses.ts";
import { defaultSuccessStatus, type Params } from "./params.ts";

/** Characters of what `failureMessage` says. */
const longestMessage = 1_000;

/** Whether the status is one of success. */
export function isSuccessStatus(status: number, params: Params): boolean {
  return isAmong(status, params.successStatus ?? defaultSuccessStatus);
}

/** The answer came with a status that is no success. @param body as far as it is kept */
export async function statusFailure(
  ctx: JobContext,
  params: Params,
  response: OutgoingResponse,
  body: Body,
): Promise<JobError> {
  const { status, statusText, headers } = response;
  const text = await failureText(ctx, params, response, body);
  const phrase = statusText === "" ? "" : ` ${cut(statusText, 100)}`;
  const said = text === undefined ? "" : `: ${text}`;
  const hint = status >= 300 && status < 400 ? redirectHint(params, headers) : "";
  return new JobError("HTTP_STATUS", `${subject(params, response)} answered ${status}${phrase}${hint}${said}`, {
    ...retryRule(ctx, params, response),
  });
}

/**
 * Fails where `successWhen` is not true of an answer.
 *
 * @throws JobError RESPONSE_REJECTED, EXPRESSION_FAILED
 */
export async function requireSuccess(
  ctx: JobContext,
  params: Params,
  response: OutgoingResponse,
  body: Body,
): Promise<void> {
  if (params.successWhen === undefined) return;
  if (isTrue(await ctx.evaluate(params.successWhen, answerJson(response, body)))) return;
  const text = (await failureText(ctx, params, response, body)) ?? "it says no reason";
  throw new JobError(
    "RESPONSE_REJECTED",
    `${subject(params, response)} answered ${response.status}, and successWhen is not true of it: ${text}`,
    retryRule(ctx, { ...params, retryOn: params.retryOn ?? [] }, response),
  );
}

/**
 * What an answer says of its failure. The failure counts, not the expression: one that cannot be evaluated is told in the log.
 */
async function failureText(
  ctx: JobContext,
  { failureMessage }: Params,
  response: OutgoingResponse,
  body: Body,
): Promise<string | undefined> {
  if (failureMessage === undefined) return errorTextOf(body.body);
  try {
    const value = await ctx.evaluate(failureMessage, answerJson(response, body));
    const text = typeof value === "string" ? value : JSON.stringify(value);
    if (text !== undefined && text !== "") return cut(text, longestMessage);
  } catch (error) {
    if (!(error instanceof JobError) || error.code !== "EXPRESSION_FAILED") throw error;
    ctx.log.warn(`failureMessage: ${error.message}`);
  }
  return errorTextOf(body.body);
}

/** What expressions look at. */
export function answerJson(
  { status, headers }: Pick<OutgoingResponse, "status" | "headers">,
  { body }: Pick<Body, "body">,
): string {
  return JSON.stringify({ status, headers, body });
}

/** As JSONata's `$boolean` has it (docs.jsonata.org, "Boolean functions"): empty texts, lists and objects and 0 are not true. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isTrue);
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** When a retry may help, and after how long. */
function retryRule(ctx: JobContext, { retryOn }: Params, { status, headers }: OutgoingResponse) {
  const seconds = retryAfterSeconds(headers, ctx.clock.now());
  return {
    retryable: isAmong(status, retryOn ?? defaultRetryOn),
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  };
}

function subject({ method = "GET" }: Params, { url }: OutgoingResponse): string {
  return `${method} ${withoutQuery(url)}`;
}

function redirectHint({ followRedirects = true }: Params, { location }: OutgoingResponse["headers"]): string {
  if (typeof location !== "string" || followRedirects) return "";
  return `, a redirect to ${withoutQuery(location)}; set followRedirects to true, or add the status to successStatus`;
}

function withoutQuery(url: string): string {
  return cut(url.split(/[?#]/, 1)[0] ?? "", 500);
}

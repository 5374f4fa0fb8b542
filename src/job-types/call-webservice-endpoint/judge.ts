/** Whether an answer is a success, and how it fails the job where it is not. */
import { type JobContext, JobError, type OutgoingResponse } from "../contract.ts";
import { errorTextOf } from "./error-text.ts";
import { defaultRetryOn, defaultSuccessStatus, type Params } from "./params.ts";
import type { Body } from "./read-body.ts";
import { retryAfterSeconds } from "./retry-after.ts";

/** Whether the status is one of success. */
export function isSuccessStatus(status: number, params: Params): boolean {
  return isAmong(status, params.successStatus ?? defaultSuccessStatus);
}

/** The answer came with a status that is no success. @param body as far as it is kept */
export function statusFailure(ctx: JobContext, params: Params, response: OutgoingResponse, body: Body): JobError {
  const { status, statusText, headers } = response;
  const text = errorTextOf(body.body);
  const phrase = statusText === "" ? "" : ` ${statusText.slice(0, 100)}`;
  const said = text === undefined ? "" : `: ${text}`;
  const hint = status >= 300 && status < 400 ? redirectHint(params, headers) : "";
  return new JobError("HTTP_STATUS", `${subject(params, response)} answered ${status}${phrase}${hint}${said}`, {
    ...retryRule(ctx, params, response),
  });
}

/** When a retry may help, and after how long. */
function retryRule(ctx: JobContext, { retryOn }: Params, { status, headers }: OutgoingResponse) {
  const seconds = retryAfterSeconds(headers, ctx.clock.now());
  return {
    retryable: isAmong(status, retryOn ?? defaultRetryOn),
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  };
}

function isAmong(status: number, ranges: readonly (number | string)[]): boolean {
  return ranges.some((range) => {
    if (typeof range === "number") return status === range;
    const [from = 0, to = from] = range.split("-").map(Number);
    return status >= from && status <= to;
  });
}

function subject({ method = "GET" }: Params, { url }: OutgoingResponse): string {
  return `${method} ${withoutQuery(url)}`;
}

function redirectHint({ followRedirects = true }: Params, { location }: OutgoingResponse["headers"]): string {
  if (typeof location !== "string" || followRedirects) return "";
  return `, a redirect to ${withoutQuery(location)}; set followRedirects to true, or add the status to successStatus`;
}

function withoutQuery(url: string): string {
  return (url.split(/[?#]/, 1)[0] ?? "").slice(0, 500);
}

/**
 * Calls a webservice that does its work later, and asks until the work is done.
 *
 * States: asked → waiting → asked … → done | failed. Invariants: between two questions the run has ended, so that the job holds no slot; how
 * far it is lies in the job's state; a run that begins with the state of another attempt begins anew; every question passes
 * the rules of the way out like any other call, and credentials go to the origin of `url` alone unless the params say otherwise.
 */

import Type, { type Static } from "typebox";
import { Check } from "typebox/value";
import { type JobContext, JobError } from "../contract.ts";
import { cut } from "../shared/cut.ts";
import { errorTextOf } from "../shared/error-text.ts";
import { retryAfterSeconds } from "../shared/retry-after.ts";
import { isAmong } from "../shared/statuses.ts";
import { type Answer, callAnd } from "./call.ts";
import { addressFrom, paramsFor, withoutKey } from "./follow-on.ts";
import { answerJson, isTrue } from "./judge.ts";
import type { Params } from "./params.ts";
import type { Result } from "./result.ts";
import {
  defaultIntervalSeconds,
  defaultLimitSeconds,
  defaultMaxIntervalSeconds,
  defaultMaxPolls,
  defaultPendingStatus,
  defaultPollUrl,
  defaultUntilStatus,
  type WaitFor,
} from "./wait-for-params.ts";

/** The longest that an answer's `Retry-After` holds the next question back. */
const longestPauseSeconds = 3_600;

/** What is known between two questions. */
const stateSchema = Type.Object({
  waitFor: Type.Object({
    /** A failed attempt's work is not this attempt's. */
    attempt: Type.Integer(),
    url: Type.String(),
    polls: Type.Integer(),
    /** The interval after the next question, without regard to any `Retry-After`. */
    intervalSeconds: Type.Number(),
    /** RFC 3339; when it is given up. */
    deadline: Type.String(),
  }),
});
type Progress = Static<typeof stateSchema>["waitFor"];

/** How an answer stands to the work. */
type Verdict = "done" | "pending";

/** Failures of one question after which the next may succeed: the work itself goes on. */
const passing: ReadonlySet<string> = new Set([
  "HOST_NOT_FOUND",
  "CONNECTION_REFUSED",
  "CONNECTION_LOST",
  "TOKEN_REQUEST_FAILED",
]);

/**
 * The answer that said that the work is done; ends the run where it is not yet.
 *
 * @throws JobError as `call`; RESPONSE_REJECTED where the work has failed, TIMED_OUT at the limit, INVALID_RESPONSE where the
 *   answer names no address to ask
 */
export async function callAndWait(ctx: JobContext, params: Params, waitFor: WaitFor): Promise<Result> {
  const progress = progressOf(ctx);
  return progress ? ask(ctx, params, waitFor, progress) : begin(ctx, params, waitFor);
}

function progressOf({ state, attempt }: JobContext): Progress | null {
  return Check(stateSchema, state) && state.waitFor.attempt === attempt ? state.waitFor : null;
}

async function begin(ctx: JobContext, params: Params, waitFor: WaitFor): Promise<Result> {
  const begun = await callAnd(ctx, params, async (answer) => {
    const { result } = answer;
    if (result.status !== 202 && waitFor.when !== "always") return { result };
    // It is a success already: what the pending statuses say is of questions.
    if ((await judge(ctx, { ...waitFor, pendingStatus: ["100-999"] }, result)) === "done") return { result };
    return { result, url: await pollUrlOf(ctx, params, waitFor, answer) };
  });
  const { result, url } = begun;
  if (url === undefined) return { ...result, polls: 0 };
  const { intervalSeconds = defaultIntervalSeconds, limitSeconds = defaultLimitSeconds } = waitFor;
  const deadline = new Date(ctx.clock.now().getTime() + limitSeconds * 1000).toISOString();
  return sleep(ctx, waitFor, { attempt: ctx.attempt, url, polls: 0, intervalSeconds, deadline }, result);
}

async function ask(ctx: JobContext, params: Params, waitFor: WaitFor, before: Progress): Promise<Result> {
  const progress = { ...before, polls: before.polls + 1 };
  const { successWhen: _, ...question } = paramsFor(progress.url, params, waitFor.credentials ?? "sameOrigin");
  let answer: Result | undefined;
  try {
    const { result, verdict } = await callAnd(ctx, { ...question, successStatus: ["100-999"] }, async ({ result }) => {
      const verdict = await judge(ctx, waitFor, result);
      if (verdict === "pending") requireMore(ctx, waitFor, progress, `answered ${result.status}`);
      return { result, verdict };
    });
    if (verdict === "done") return { ...result, polls: progress.polls };
    answer = result;
  } catch (error) {
    if (ctx.signal.aborted || !(error instanceof JobError) || !error.retryable || !passing.has(error.code)) throw error;
    requireMore(ctx, waitFor, progress, `failed: ${error.message}`);
    ctx.log.warn(`Asked in vain, and goes on: ${error.message}`);
  }
  return sleep(ctx, waitFor, progress, answer);
}

/** @throws JobError RESPONSE_REJECTED, HTTP_STATUS, EXPRESSION_FAILED */
async function judge(ctx: JobContext, waitFor: WaitFor, result: Result): Promise<Verdict> {
  const { failWhen, until, untilStatus, pendingStatus = defaultPendingStatus } = waitFor;
  const { status } = result;
  const input = failWhen !== undefined || until !== undefined ? answerJson(result, result) : "";
  if (failWhen !== undefined) {
    const failed = await ctx.evaluate(failWhen, input);
    if (isTrue(failed)) throw workFailed(failed, result);
  }
  const doneStatus = untilStatus ?? (until === undefined ? defaultUntilStatus : ["100-999"]);
  if (isAmong(status, doneStatus) && (until === undefined || isTrue(await ctx.evaluate(until, input)))) return "done";
  if (isAmong(status, pendingStatus)) return "pending";
  const text = errorTextOf(result.body);
  throw new JobError(
    "HTTP_STATUS",
    `The work was asked after, and the answer was ${status}${text === undefined ? "" : `: ${text}`}. If that means "not yet", add it to waitFor.pendingStatus.`,
    { retryable: false },
  );
}

function workFailed(failed: unknown, { status, body }: Result): JobError {
  const text = typeof failed === "string" ? cut(failed, 1_000) : errorTextOf(body);
  return new JobError(
    "RESPONSE_REJECTED",
    `The work at the other end has failed: ${text ?? `waitFor.failWhen is true of its answer, ${status}`}`,
    {
      details: {
        cause: "The webservice took the work and says that it has failed.",
        remedy: "Read details.response for what it says of the work, and mend what was sent.",
      },
    },
  );
}

/** @throws JobError TIMED_OUT where this was the last question. */
function requireMore(ctx: JobContext, waitFor: WaitFor, { polls, deadline }: Progress, last: string): void {
  const { maxPolls = defaultMaxPolls, limitSeconds = defaultLimitSeconds } = waitFor;
  const isLate = ctx.clock.now().getTime() >= Date.parse(deadline);
  if (!isLate && polls < maxPolls) return;
  const limit = isLate ? `waitFor.limitSeconds, ${limitSeconds} s` : `waitFor.maxPolls, ${maxPolls}`;
  throw new JobError(
    "TIMED_OUT",
    `The work at the other end was not done within ${limit}: it was asked after ${polls} times, and the last question ${last}.`,
    {
      details: {
        polls,
        cause: "The webservice took the work and did not say within the limit that it is done.",
        remedy: "Raise the limit that the message names, or look for what holds the work up at the other end.",
      },
    },
  );
}

async function pollUrlOf(ctx: JobContext, params: Params, waitFor: WaitFor, { result, url }: Answer): Promise<string> {
  const { url: expression = defaultPollUrl } = waitFor;
  const value =
    expression === defaultPollUrl
      ? result.headers.location
      : await ctx.evaluate(expression, answerJson(result, result));
  const what = `The address to ask (waitFor.url, ${cut(expression, 200)}) of the answer ${result.status}`;
  return withoutKey(addressFrom(value, url, what), params);
}

/** Ends the run until the next question. */
function sleep(ctx: JobContext, waitFor: WaitFor, progress: Progress, answer: Result | undefined): Promise<never> {
  const { intervalFactor = 1, maxIntervalSeconds = defaultMaxIntervalSeconds, maxPolls = defaultMaxPolls } = waitFor;
  const now = ctx.clock.now();
  const wanted = answer && retryAfterSeconds(answer.headers, now);
  const seconds = wanted === undefined ? progress.intervalSeconds : Math.min(Math.max(wanted, 1), longestPauseSeconds);
  // The last question falls on the deadline.
  const at = new Date(Math.min(now.getTime() + seconds * 1000, Date.parse(progress.deadline)));
  const longest = Math.max(maxIntervalSeconds, progress.intervalSeconds);
  const intervalSeconds = Math.min(progress.intervalSeconds * intervalFactor, longest);
  ctx.progress(progress.polls, maxPolls, `waits for the work at the other end; asks again at ${at.toISOString()}`);
  return ctx.sleepUntil(at, { waitFor: { ...progress, intervalSeconds } });
}

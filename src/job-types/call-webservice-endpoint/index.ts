/** Calls a webservice and keeps what it answered. */
import { defineJobType, JobError, type OutgoingRequest, type OutgoingResponse } from "../contract.ts";
import { buildRequest } from "./build-request.ts";
import { checkFilledParams, checkParams } from "./check-params.ts";
import { contentTypeOf, maskUrl, statusFailure, tooLarge, withRequest } from "./describe-failure.ts";
import { defaultMaxResponseBytes, type Params, paramsSchema, type Result, resultSchema } from "./params.ts";
import { interpretBody, readBytes } from "./read-body.ts";

/** Characters of a URL that a line of the log shows. */
const longestUrl = 1_000;

/** The job type `callWebserviceEndpoint`: one HTTP request through the guarded way out. */
export const callWebserviceEndpoint = defineJobType({
  code: "callWebserviceEndpoint",
  name: "Call a webservice",
  description: "Sends an HTTP request and keeps the answer: status, headers, body and how long each part took.",
  paramsSchema,
  resultSchema,
  defaults: { timeoutSeconds: 300 },
  checkParams,
  async run(ctx, params) {
    const startedAt = performance.now();
    const errors = checkFilledParams(params);
    const [first] = errors;
    if (first) throw new JobError("INVALID_PARAMS", `${first.path}: ${first.message}`, { details: { errors } });

    const request = buildRequest(ctx, params);
    try {
      ctx.log.info(`${request.method} ${shownUrl(request.url.href)}`);
      const response = await ctx.fetch(request);
      ctx.log.info(
        `${response.status} from ${shownUrl(response.url)} in ${Math.round(performance.now() - startedAt)} ms`,
      );
      return await keep(request, response, params, startedAt);
    } catch (error) {
      throw error instanceof JobError ? withRequest(error, request) : error;
    }
  },
});

/** As the log shows it. */
function shownUrl(url: string): string {
  return maskUrl(url).slice(0, longestUrl);
}

async function keep(
  request: OutgoingRequest,
  response: OutgoingResponse,
  params: Params,
  startedAt: number,
): Promise<Result> {
  const timings = (): Result["timings"] => {
    const { dnsMs, connectMs, tlsMs, firstByteMs } = response.timings;
    return {
      dnsMs: roundedIfAny(dnsMs),
      connectMs: roundedIfAny(connectMs),
      tlsMs: roundedIfAny(tlsMs),
      firstByteMs: rounded(firstByteMs),
      totalMs: rounded(performance.now() - startedAt),
    };
  };
  if (!isSuccess(response.status, params.successStatus)) throw await statusFailure(request, response, timings);

  const maxBytes = params.maxResponseBytes ?? defaultMaxResponseBytes;
  const read = await readBytes(response, maxBytes);
  if (read.truncated && params.onTooLarge !== "truncate") throw tooLarge(response, maxBytes);
  return {
    status: response.status,
    headers: response.headers,
    ...interpretBody(read, contentTypeOf(response), params.responseType),
    url: maskUrl(response.url),
    timings: timings(),
  };
}

function isSuccess(status: number, ranges: Params["successStatus"]): boolean {
  if (!ranges) return status >= 200 && status <= 299;
  return ranges.some((range) => {
    if (typeof range === "number") return status === range;
    const [from = 0, to = from] = range.split("-").map(Number);
    return status >= from && status <= to;
  });
}

/** To a hundredth of a millisecond: more digits would only pretend. */
function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}

function roundedIfAny(ms: number | null): number | null {
  return ms === null ? null : rounded(ms);
}

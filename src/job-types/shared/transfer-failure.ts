/** How transfers fail. */
import { type JobContext, JobError, jobErrors, type OutgoingResponse } from "../contract.ts";
import { credentialNames } from "./auth/authorize.ts";
import { describeFailure } from "./describe-failure.ts";
import { errorTextOf } from "./error-text.ts";
import { type Exchange, maxDetailBytes, newExchange } from "./exchange.ts";
import type { Fault } from "./fault.ts";
import { contentTypeOf, interpretBody, readBytes } from "./read-body.ts";
import { retryAfterSeconds } from "./retry-after.ts";
import { defaultRetryOn, isAmong } from "./statuses.ts";
import type { RemoteParams } from "./transfer-params.ts";

/** A request that has not begun. */
export function newTransfer({ auth }: RemoteParams): Exchange {
  return newExchange(credentialNames(auth?.type === "privateKey" ? undefined : auth));
}

/**
 * Refuses params that have faults.
 *
 * @throws JobError INVALID_PARAMS
 */
export function requireNone(faults: readonly Fault[]): void {
  const [first] = faults;
  if (first) throw new JobError("INVALID_PARAMS", `${first.path}: ${first.message}`, { details: { errors: faults } });
}

/** The error with which a transfer ends that ended so, with cause, remedy, and the request and answer so far. */
export function describeTransferFailure(ctx: JobContext, exchange: Exchange, error: unknown): unknown {
  const explain = (failed: JobError) => ({ cause: failed.message, remedy: jobErrors[failed.code].remedy });
  return describeFailure(ctx, explain, exchange, error);
}

/** The answer came with a status that is no success. */
export async function statusFailure(
  ctx: JobContext,
  response: OutgoingResponse,
  exchange: Exchange,
): Promise<JobError> {
  const { status, statusText, headers, url } = response;
  // An answer that breaks off still tells why it is no success: the status came whole.
  const read = await readBytes(response, maxDetailBytes, exchange.received).catch((error: unknown) => {
    if (ctx.signal.aborted || !(error instanceof JobError)) throw error;
    return { bytes: Buffer.concat(exchange.received), truncated: true };
  });
  exchange.bodyEnded = !read.truncated;
  const text = errorTextOf(interpretBody(read, contentTypeOf(response), "auto").body);
  const seconds = retryAfterSeconds(headers, ctx.clock.now());
  const address = (url.split("?", 1)[0] ?? "").slice(0, 500);
  const phrase = statusText === "" ? "" : ` ${statusText.slice(0, 100)}`;
  return new JobError(
    "HTTP_STATUS",
    `${exchange.request?.method} ${address} answered ${status}${phrase}${text === undefined ? "" : `: ${text}`}`,
    {
      retryable: isAmong(status, defaultRetryOn),
      ...(seconds !== undefined && { retryAfterSeconds: seconds }),
    },
  );
}

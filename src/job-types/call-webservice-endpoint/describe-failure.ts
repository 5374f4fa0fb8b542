import type { JobContext } from "../contract.ts";
import * as shared from "../shared/describe-failure.ts";
import type { Exchange } from "../shared/exchange.ts";
import { explain } from "./explain.ts";
import type { Params } from "./params.ts";

/** The error with which a call ends that ended so. */
export function describeFailure(ctx: JobContext, params: Params, exchange: Exchange, error: unknown): unknown {
  return shared.describeFailure(ctx, (failed) => explain(failed, params, exchange), exchange, error);
}

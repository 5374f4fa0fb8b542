/** Calls a webservice and keeps what it answered. */
import { defineJobType, JobError } from "../contract.ts";
import { credentialNames } from "../shared/auth/authorize.ts";
import { newExchange } from "../shared/exchange.ts";
import { call } from "./call.ts";
import { checkFilledParams, checkParams } from "./check-params.ts";
import { describeFailure } from "./describe-failure.ts";
import { callPages } from "./paginate.ts";
import { paramsSchema } from "./params.ts";
import { resultSchema } from "./result.ts";
import { callAndWait } from "./wait-for.ts";

/** The job type `callWebserviceEndpoint`: an HTTP request through the guarded way out. */
export const callWebserviceEndpoint = defineJobType({
  code: "callWebserviceEndpoint",
  name: "Call a webservice",
  description: "Sends an HTTP request and keeps the answer: status, headers, body and how long each part took.",
  paramsSchema,
  resultSchema,
  defaults: { timeoutSeconds: 300 },
  // `run` checks what is filled in, and tells more of it.
  checkParams: (params, moment) => (moment === "stored" ? checkParams(params) : []),
  async run(ctx, params) {
    const errors = checkFilledParams(params);
    const [first] = errors;
    if (first) {
      const error = new JobError("INVALID_PARAMS", `${first.path}: ${first.message}`, { details: { errors } });
      throw describeFailure(ctx, params, newExchange(credentialNames(params.auth)), error);
    }
    if (params.waitFor) return callAndWait(ctx, params, params.waitFor);
    if (params.paginate) return callPages(ctx, params, params.paginate);
    return call(ctx, params);
  },
});

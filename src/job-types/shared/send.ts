/** Sends a request with what proves who it comes from, and tells the log. */

import type { JobContext, OutgoingRequest, OutgoingResponse } from "../contract.ts";
import type { AuthParams } from "./auth/auth-params.ts";
import { authorize, withBearer } from "./auth/authorize.ts";
import { clientAuthorization } from "./auth/request-token.ts";
import { createTokenSource } from "./auth/token-source.ts";
import { cut } from "./cut.ts";
import type { Exchange } from "./exchange.ts";
import { maskUrl } from "./mask.ts";

/** The node's tokens: jobs with the same credentials share them, whatever their type. */
const tokens = createTokenSource();

/** Characters of a URL that a line of the log shows. */
const longestUrl = 1_000;

/**
 * Sends `request` as `auth` says, where need be once more with a new token.
 *
 * @param auth checked, with nothing left to be filled in
 * @param exchange is told how far it has come
 * @throws JobError as `ctx.fetch` says, and TOKEN_REQUEST_FAILED
 */
export async function sendAs(
  ctx: JobContext,
  auth: AuthParams | undefined,
  request: OutgoingRequest,
  exchange: Exchange,
): Promise<OutgoingResponse> {
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
  return cut(maskUrl(url, hidden), longestUrl);
}

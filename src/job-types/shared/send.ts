/** Sends a request with what proves who it comes from, and tells the log. */

import type { JobContext, OutgoingRequest, OutgoingResponse } from "../contract.ts";
import type { AuthParams, OAuth2Params } from "./auth/auth-params.ts";
import { authorize, withBearer } from "./auth/authorize.ts";
import { clientAuthorization } from "./auth/request-token.ts";
import { createTokenSource } from "./auth/token-source.ts";
import { cut } from "./cut.ts";
import type { Exchange } from "./exchange.ts";
import { maskUrl } from "./mask.ts";

/** The node's tokens: jobs with the same credentials share them, whatever their type. */
const tokens = createTokenSource();

/** Milliseconds after which a call that has no answer yet is told of. */
const tellAfterMs = 1_000;

/** Characters of a URL that a line of the log shows. */
const longestUrl = 1_000;

/**
 * Sends `request` as `auth` says, where need be once more with a new token.
 *
 * @param auth checked, with nothing left to be filled in
 * @param exchange is told how far it has come
 * @throws JobError as `ctx.fetch` says, and TOKEN_REQUEST_FAILED
 */
export function sendAs(
  ctx: JobContext,
  auth: AuthParams | undefined,
  request: OutgoingRequest,
  exchange: Exchange,
): Promise<OutgoingResponse> {
  exchange.request = request;
  return auth === undefined ? fetch(ctx, exchange, request) : sendAuthorized(ctx, auth, request, exchange);
}

async function sendAuthorized(
  ctx: JobContext,
  auth: AuthParams,
  request: OutgoingRequest,
  exchange: Exchange,
): Promise<OutgoingResponse> {
  if (auth.type !== "oauth2ClientCredentials") return fetch(ctx, exchange, authorize(ctx, auth, request));

  exchange.stage = "token";
  ctx.secrets.hide(clientAuthorization(auth));
  const asking = withTlsOf(request, auth);
  const token = await tokens.token(ctx, asking);
  ctx.secrets.hide(token);
  const response = await fetch(ctx, exchange, withBearer(request, token));
  if (response.status !== 401) return response;
  // A token may end before its time: it was withdrawn, or the other end has lost it.
  exchange.stage = "token";
  const fresh = await tokens.token(ctx, asking, token);
  if (fresh === token) return response;
  ctx.secrets.hide(fresh);
  ctx.log.info("the token was refused; once more with a new one");
  response.body.destroy();
  return fetch(ctx, exchange, withBearer(request, fresh));
}

/** A token URL beside the webservice is reached as that is; a client's certificate is shown nowhere else unless that was said. */
function withTlsOf({ url, tls }: OutgoingRequest, auth: OAuth2Params): OAuth2Params {
  return auth.tls || !tls || new URL(auth.tokenUrl).origin !== url.origin ? auth : { ...auth, tls };
}

async function fetch(ctx: JobContext, exchange: Exchange, request: OutgoingRequest): Promise<OutgoingResponse> {
  exchange.request = request;
  exchange.stage = "sent";
  exchange.response = undefined;
  exchange.headAt = undefined;
  const sentAt = performance.now();
  const asked = () => `${request.method} ${shown(request.url.href, exchange)}`;
  // Whoever watches a call that hangs is to see what it waits for; any other call is worth one line.
  let told = false;
  const slow = setTimeout(() => {
    told = true;
    ctx.log.info(`${asked()} is sent and has no answer yet`);
  }, tellAfterMs);
  const took = () => `in ${Math.round(performance.now() - sentAt)} ms`;
  try {
    const response = await ctx.fetch(request);
    exchange.response = response;
    exchange.headAt = performance.now();
    const isElsewhere = response.redirects.length > 0;
    ctx.log.info(
      `${asked()}: ${response.status}${isElsewhere ? ` from ${shown(response.url, exchange)}` : ""} ${took()}`,
    );
    return response;
  } catch (error) {
    if (!told) ctx.log.info(`${asked()}: no answer ${took()}`);
    throw error;
  } finally {
    clearTimeout(slow);
  }
}

/** As the log shows it. */
function shown(url: string, { hidden }: Exchange): string {
  return cut(maskUrl(url, hidden), longestUrl);
}

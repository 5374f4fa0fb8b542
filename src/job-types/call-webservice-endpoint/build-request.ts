import type { JobContext, OutgoingRequest } from "../contract.ts";
import { withSearchParams } from "../shared/search-params.ts";
import { type EncodedBody, encodeBody } from "./body.ts";
import type { Params } from "./params.ts";

const maxRedirects = 10;

/** Methods that may change something, so that a repeat must be told from a second wish. */
const writes: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/**
 * Makes the request that the params describe, but for its `auth`.
 *
 * @param params checked, with nothing left to be filled in
 */
export function buildRequest(ctx: JobContext, params: Params): OutgoingRequest | Promise<OutgoingRequest> {
  const body = encodeBody(params);
  return body instanceof Promise ? body.then((made) => withBody(ctx, params, made)) : withBody(ctx, params, body);
}

function withBody(ctx: JobContext, params: Params, body: EncodedBody | undefined): OutgoingRequest {
  const method = params.method ?? "GET";
  const headers: Record<string, string> = { ...params.headers };
  const set = new Map(Object.keys(headers).map((name) => [name.toLowerCase(), name]));

  if (!set.has("accept")) headers.accept = params.responseType === "json" ? "application/json" : "*/*";
  if (body) {
    const own = set.get("content-type");
    if (own !== undefined && body.fixedType) delete headers[own];
    if (own === undefined || body.fixedType) headers["content-type"] = body.contentType;
  }
  // The same for every attempt of the job, so that the other end can tell a retry from a new request.
  if (writes.has(method) && !set.has("idempotency-key")) headers["idempotency-key"] = ctx.job.id;

  return {
    url: withSearchParams(new URL(params.url), params.searchParams ?? {}),
    method,
    headers,
    ...(body ? { body: body.content } : {}),
    ...(params.tls && { tls: params.tls }),
    maxRedirects: (params.followRedirects ?? true) ? maxRedirects : 0,
  };
}

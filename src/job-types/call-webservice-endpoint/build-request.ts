import type { JobContext, OutgoingRequest } from "../contract.ts";
import { hasNoBody } from "./check-params.ts";
import type { Params } from "./params.ts";

const maxRedirects = 10;

/** Methods that may change something, so that a repeat must be told from a second wish. */
const writes: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/**
 * Makes the request that the params describe.
 *
 * @param params checked, with nothing left to be filled in
 */
export function buildRequest(ctx: JobContext, params: Params): OutgoingRequest {
  const method = params.method ?? "GET";
  const headers: Record<string, string> = { ...params.headers };
  const set = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const body = hasNoBody(params.body) ? undefined : params.body;

  if (!set.has("accept")) headers.accept = params.responseType === "json" ? "application/json" : "*/*";
  if (body !== undefined && !set.has("content-type")) {
    headers["content-type"] = typeof body === "string" ? "text/plain; charset=utf-8" : "application/json";
  }
  // The same for every attempt of the job, so that the other end can tell a retry from a new request.
  if (writes.has(method) && !set.has("idempotency-key")) headers["idempotency-key"] = ctx.job.id;

  return {
    url: withSearchParams(new URL(params.url), params.searchParams ?? {}),
    method,
    headers,
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    signal: ctx.signal,
    maxRedirects: (params.followRedirects ?? true) ? maxRedirects : 0,
  };
}

function withSearchParams(url: URL, searchParams: NonNullable<Params["searchParams"]>): URL {
  const names = Object.keys(searchParams);
  if (names.length === 0) return url;
  const added = new URLSearchParams();
  for (const [name, value] of Object.entries(searchParams)) {
    for (const item of Array.isArray(value) ? value : [value]) added.append(name, String(item));
  }
  // Touched only where it must be: changing one entry rewrites the escapes of all, and some servers sign them.
  for (const name of names) if (url.searchParams.has(name)) url.searchParams.delete(name);
  const query = added.toString();
  if (query !== "") url.search = url.search === "" ? query : `${url.search}&${query}`;
  return url;
}

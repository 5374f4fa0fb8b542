/** Requests to addresses that an answer named. */

import { JobError } from "../contract.ts";
import { cut } from "../shared/cut.ts";
import type { Params } from "./params.ts";

/** Longest address, in characters; as for `url`. */
const longestUrl = 8_192;

/** Headers that go along to another origin. Any other might be a credential whatever its name is. Lower case. */
const harmless: ReadonlySet<string> = new Set(["accept", "accept-language", "prefer", "user-agent"]);

/**
 * The address that an answer named, in full, without credentials and fragment.
 *
 * @param value what the answer or an expression over it gave
 * @param base the address that answered
 * @param what says in a sentence which address that is
 * @throws JobError INVALID_RESPONSE where it is none that can be called
 */
export function addressFrom(value: unknown, base: string, what: string): string {
  if (typeof value !== "string" || value.trim() === "") {
    throw unusable(what, value === undefined || value === null ? "is missing" : "is not a text");
  }
  if (value.length > longestUrl) throw unusable(what, `has more than ${longestUrl} characters`);
  if (!URL.canParse(value, base)) throw unusable(what, `is ${JSON.stringify(cut(value, 200))}, which is no URL`);
  const url = new URL(value, base);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw unusable(what, `begins with ${url.protocol}; only http: and https: addresses can be called`);
  }
  url.username = "";
  url.password = "";
  url.hash = "";
  return url.href;
}

/**
 * The params of a GET to `url` on behalf of a call with `params`: with its headers, auth and tls where that is the origin
 * that they are meant for, or `credentials` says so; else without whatever might be a credential.
 */
export function paramsFor(url: string, params: Params, credentials: "sameOrigin" | "always"): Params {
  const {
    headers = {},
    auth,
    tls,
    method: _method,
    body: _body,
    bodyType: _bodyType,
    searchParams: _,
    ...rest
  } = params;
  const trusted = credentials === "always" || new URL(url).origin === new URL(params.url).origin;
  const kept = Object.entries(headers).filter(([name]) => {
    const lower = name.toLowerCase();
    if (lower.startsWith("content-") || lower === "idempotency-key") return false;
    return trusted || harmless.has(lower);
  });
  return {
    ...rest,
    url,
    method: "GET",
    headers: Object.fromEntries(kept),
    ...(trusted && auth !== undefined && { auth }),
    ...(trusted && tls !== undefined && { tls }),
  };
}

/** `url` without the key that `auth` puts into its query: webservices repeat it in their links, and it is no part of the address. */
export function withoutKey(url: string, { auth }: Params): string {
  if (auth?.type !== "apiKey" || auth.in !== "query") return url;
  const parsed = new URL(url);
  if (!parsed.searchParams.has(auth.name)) return url;
  parsed.searchParams.delete(auth.name);
  return parsed.href;
}

function unusable(what: string, fault: string): JobError {
  return new JobError("INVALID_RESPONSE", `${what} ${fault}.`);
}

/** Where a redirect leads, and what of the request goes there. */
import type { Target } from "./address-policy.ts";
import { invalidResponse } from "./egress-errors.ts";
import type { WireRequest } from "./exchange.ts";

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Headers that go along to another origin. Any other might be a credential whatever its name is (`X-Account: …`), and
 * stays behind.
 */
const harmlessHeaders: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "cache-control",
  "content-encoding",
  "content-language",
  "content-type",
  "idempotency-key",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "prefer",
  "range",
  "traceparent",
  "user-agent",
]);

/**
 * The request that follows `request` when it was answered so; `null` where that is not a redirect.
 *
 * 303 turns all but HEAD into GET, 301 and 302 turn POST into GET, 307 and 308 keep method and body (RFC 9110, section
 * 15.4, and the Fetch standard, "HTTP-redirect fetch").
 *
 * @throws JobError INVALID_RESPONSE for a Location that cannot be followed: not a URL, not http or https, or one that
 *   would send a body from https to http.
 */
export function redirectOf(
  request: WireRequest,
  status: number,
  location: string | string[] | undefined,
  target: Target,
): WireRequest | null {
  if (!redirectStatuses.has(status) || typeof location !== "string") return null;
  const url = parseLocation(location, request.url, target);
  const toGet = status === 303 ? request.method !== "HEAD" : status < 303 && request.method === "POST";
  const method = toGet ? "GET" : request.method;
  const body = toGet ? null : request.body;

  if (body !== null && request.url.protocol === "https:" && url.protocol === "http:") {
    throw invalidResponse(
      `${request.url.origin} redirects ${method} to ${url.origin}, which would send the body unencrypted; call an address that stays on https.`,
      target,
      { location },
    );
  }
  const sameOrigin = url.origin === request.url.origin;
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => {
      const lower = name.toLowerCase();
      if (toGet && lower.startsWith("content-")) return false;
      return sameOrigin || harmlessHeaders.has(lower);
    }),
  );
  return { url, method, headers, body };
}

function parseLocation(location: string, base: URL, target: Target): URL {
  if (!URL.canParse(location, base.href)) {
    throw invalidResponse(
      `${base.origin} redirects to ${JSON.stringify(location.slice(0, 200))}, which is not a URL.`,
      target,
    );
  }
  const url = new URL(location, base);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw invalidResponse(
      `${base.origin} redirects to a ${url.protocol} address, and only http and https are followed; set followRedirects to false to see the redirect itself.`,
      target,
      { location: location.slice(0, 2_000) },
    );
  }
  url.username = "";
  url.password = "";
  url.hash = "";
  return url;
}

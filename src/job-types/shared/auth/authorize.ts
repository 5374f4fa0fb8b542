/** Adds to a request what proves who it comes from. */
import { type JobContext, JobError, type OutgoingRequest } from "../../contract.ts";
import { withSearchParams } from "../search-params.ts";
import type { AuthParams, OAuth2Params } from "./auth-params.ts";
import { hmacHeaders } from "./hmac.ts";

/** The names of headers and search params that hold the credentials of `auth`. Lower case. */
export function credentialNames(auth: AuthParams | undefined): ReadonlySet<string> {
  return new Set(auth?.type === "apiKey" ? [auth.name.toLowerCase()] : []);
}

/**
 * The request with its credentials.
 *
 * @param auth checked, with nothing left to be filled in
 */
export function authorize(
  ctx: JobContext,
  auth: Exclude<AuthParams, OAuth2Params>,
  request: OutgoingRequest,
): OutgoingRequest {
  switch (auth.type) {
    case "basic":
      return withHeaders(request, { authorization: basic(auth.username, auth.password) });
    case "bearer":
      return withBearer(request, auth.token);
    case "apiKey":
      if (auth.in !== "query") return withHeaders(request, { [auth.name]: auth.value });
      return { ...request, url: withSearchParams(new URL(request.url), { [auth.name]: auth.value }) };
    case "hmac":
      return {
        ...withHeaders(request, hmacHeaders(auth, wholeBody(request), ctx.clock.now())),
        signedWith: auth.secret,
      };
  }
}

/** The request with a token (RFC 6750, section 2.1). */
export function withBearer(request: OutgoingRequest, token: string): OutgoingRequest {
  return withHeaders(request, { authorization: `Bearer ${token}` });
}

/** RFC 7617, with UTF-8. */
function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function withHeaders(request: OutgoingRequest, headers: Readonly<Record<string, string>>): OutgoingRequest {
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const others = Object.entries(request.headers).filter(([name]) => !names.has(name.toLowerCase()));
  return { ...request, headers: { ...Object.fromEntries(others), ...headers } };
}

/** Types that stream a body refuse `hmac` in their params: the signature goes ahead of the body that it is made of. */
function wholeBody({ body }: OutgoingRequest): string | Uint8Array | undefined {
  if (typeof body !== "object" || body instanceof Uint8Array) return body;
  throw new JobError("INVALID_PARAMS", "hmac signs a body that is whole before it is sent; use another kind of auth.");
}

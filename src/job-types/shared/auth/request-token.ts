/** Asks a token URL for a token (RFC 6749, section 4.4). */
import { type GuardedFetch, JobError, type OutgoingRequest, type OutgoingResponse } from "../../contract.ts";
import { cut } from "../cut.ts";
import { errorTextOf } from "../error-text.ts";
import { isHeaderValue } from "../fault.ts";
import { contentTypeOf, interpretBody, readBytes } from "../read-body.ts";
import { retryAfterSeconds } from "../retry-after.ts";
import { defaultRetryOn, isAmong } from "../statuses.ts";
import type { OAuth2Params } from "./auth-params.ts";

/** A token, and how long it lives. */
export interface Token {
  readonly value: string;
  /** Seconds; undefined where the other end does not say. */
  readonly expiresIn: number | undefined;
}

/** Bytes of an answer that can only hold a token. */
const maxAnswerBytes = 64 * 1024;
/** Bytes of such an answer that a failure shows. */
const maxShownCharacters = 4 * 1024;
const longestLifeSeconds = 30 * 86_400;

/**
 * Asks for a token.
 *
 * @param auth checked, with nothing left to be filled in; its `tls` is that of the request
 * @param now by the clock that `Retry-After` is read with
 * @throws JobError TOKEN_REQUEST_FAILED, whatever the reason; the reason of `signal` when it is aborted
 */
export async function requestToken(
  fetch: GuardedFetch,
  auth: OAuth2Params,
  now: Date,
  signal: AbortSignal,
): Promise<Token> {
  let response: OutgoingResponse | undefined;
  try {
    response = await fetch(tokenRequest(auth, signal));
    const read = await readBytes(response, maxAnswerBytes, []);
    const { body } = interpretBody(read, contentTypeOf(response), "auto");
    if (response.status < 200 || response.status > 299) throw refused(auth, response, body, now);
    return tokenIn(auth, response, body);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (!(error instanceof JobError) || error.code === "TOKEN_REQUEST_FAILED") throw error;
    throw tokenFailure(auth, `gave no token: ${error.message}`, {
      reason: error.code,
      retryable: error.retryable,
      details: error.details ?? {},
      cause: error,
    });
  }
}

/** A request in which the client names itself; a redirect is not followed, for it would carry the client's secret along. */
function tokenRequest(auth: OAuth2Params, signal: AbortSignal): OutgoingRequest {
  const {
    tokenUrl,
    clientId,
    clientSecret,
    clientAuthentication = "basic",
    scope,
    audience,
    extraParams = {},
    tls,
  } = auth;
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  if (scope !== undefined && scope !== "") form.set("scope", scope);
  if (audience !== undefined && audience !== "") form.set("audience", audience);
  for (const [name, value] of Object.entries(extraParams)) form.set(name, value);
  const headers: Record<string, string> = {
    accept: "application/json",
    "content-type": "application/x-www-form-urlencoded",
  };
  if (clientAuthentication === "basic") {
    headers.authorization = `Basic ${clientAuthorization(auth)}`;
  } else {
    form.set("client_id", clientId);
    form.set("client_secret", clientSecret);
  }
  const body = form.toString();
  return { url: new URL(tokenUrl), method: "POST", headers, body, signal, ...(tls && { tls }), maxRedirects: 0 };
}

/** How a client names itself in a header. RFC 6749, section 2.3.1: id and secret are written as in a form before they are joined. */
export function clientAuthorization({ clientId, clientSecret }: OAuth2Params): string {
  return Buffer.from(`${asInForm(clientId)}:${asInForm(clientSecret)}`).toString("base64");
}

function asInForm(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}

function tokenIn(auth: OAuth2Params, response: OutgoingResponse, body: unknown): Token {
  const fields = new Map<string, unknown>(typeof body === "object" && body !== null ? Object.entries(body) : []);
  const value = fields.get("access_token");
  if (typeof value !== "string" || value === "") {
    const text = errorTextOf(body);
    const instead =
      text !== undefined
        ? `: ${text}`
        : fields.size > 0
          ? ""
          : `, but ${contentTypeOf(response) || "something"} that is not JSON`;
    throw tokenFailure(auth, `answered ${response.status} without an access_token${instead}`, {
      reason: "NO_TOKEN",
      retryable: false,
      ...answer(response, body),
    });
  }
  if (!isHeaderValue(value)) {
    throw tokenFailure(auth, "gave a token with characters that a header cannot carry", {
      reason: "NO_TOKEN",
      retryable: false,
    });
  }
  const seconds = Number(fields.get("expires_in") ?? Number.NaN);
  return { value, expiresIn: seconds > 0 ? Math.min(seconds, longestLifeSeconds) : undefined };
}

function refused(auth: OAuth2Params, response: OutgoingResponse, body: unknown, now: Date): JobError {
  const { status, statusText, headers } = response;
  const { location } = headers;
  const seconds = retryAfterSeconds(headers, now);
  const text = errorTextOf(body);
  const said =
    status < 400 && typeof location === "string"
      ? `, a redirect to ${cut(location.split(/[?#]/, 1)[0] ?? "", 500)}, which is not followed: the client's secret would go along; set auth.tokenUrl to where it really is`
      : text === undefined
        ? ""
        : `: ${text}`;
  return tokenFailure(auth, `answered ${status}${statusText === "" ? "" : ` ${cut(statusText, 100)}`}${said}`, {
    reason: `HTTP_${status}`,
    retryable: isAmong(status, defaultRetryOn),
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
    ...answer(response, body),
  });
}

function answer({ status, headers }: OutgoingResponse, body: unknown): { details: Record<string, unknown> } {
  const text = typeof body === "string" ? body : JSON.stringify(body ?? null);
  return { details: { token: { status, headers, body: text.slice(0, maxShownCharacters).toWellFormed() } } };
}

interface Failing {
  readonly reason: string;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The failure of a token URL. @param what as the rest of a sentence that begins with the address */
export function tokenFailure({ tokenUrl }: Pick<OAuth2Params, "tokenUrl">, what: string, failing: Failing): JobError {
  const { reason, details, ...more } = failing;
  const { origin, pathname } = new URL(tokenUrl);
  const shown = cut(origin + pathname, 500);
  return new JobError("TOKEN_REQUEST_FAILED", `The token URL ${shown} ${what}.`.replace(/\.\.$/, "."), {
    ...more,
    details: { ...details, tokenUrl: shown, reason },
  });
}

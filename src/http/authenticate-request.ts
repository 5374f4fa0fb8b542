/** Who sends a request: by an API key and a customer code, or by the cookie of a session, which stands for both. */
import type { FastifyRequest } from "fastify";
import type { Authenticator } from "../domain/authenticate.ts";
import type { Actor } from "../model/actor.ts";
import { ApiError, invalidOutsideBody } from "../model/api-errors.ts";
import { isCsrfTokenOf } from "../model/session.ts";
import { sessionCookie } from "./session-cookie.ts";

/**
 * Finds who sends a request. A key that is sent wins over a cookie.
 *
 * @throws ApiError UNAUTHENTICATED, FORBIDDEN, VALIDATION_FAILED, UNAVAILABLE
 */
export async function authenticateRequest(request: FastifyRequest, authenticator: Authenticator): Promise<Actor> {
  const [, bearer] = /^bearer +([^ ]+) *$/i.exec(request.headers.authorization ?? "") ?? [];
  const token = request.headers.authorization === undefined ? request.cookies[sessionCookie] : undefined;
  if (token !== undefined) return authenticateCookie(request, authenticator, token);
  if (bearer === undefined) {
    throw new ApiError("UNAUTHENTICATED", "Send the API key as `Authorization: Bearer <key>`.");
  }
  const actor = await authenticator.authenticate(bearer);
  const customerCode = firstHeader(request, "x-customer-code");
  if (!customerCode) {
    throw invalidOutsideBody([
      { path: "/X-Customer-Code", message: "header X-Customer-Code is missing; send the customer's code" },
    ]);
  }
  requireCustomer(actor, customerCode);
  return actor;
}

/** Another site can have a browser send the cookie, but can neither read nor set this header. */
async function authenticateCookie(
  request: FastifyRequest,
  authenticator: Authenticator,
  token: string,
): Promise<Actor> {
  const actor = await authenticator.authenticateSession(token);
  const customerCode = firstHeader(request, "x-customer-code");
  if (customerCode) requireCustomer(actor, customerCode);
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (!isRead && !isCsrfTokenOf(token, firstHeader(request, "x-csrf-token"))) {
    throw new ApiError(
      "FORBIDDEN",
      "A write with the session's cookie must carry `csrfToken` of GET /session in X-CSRF-Token.",
    );
  }
  return actor;
}

function requireCustomer(actor: Actor, customerCode: string): void {
  if (customerCode === actor.customerCode) return;
  throw new ApiError("FORBIDDEN", "The API key does not belong to the customer that X-Customer-Code names.");
}

/** The first value of a header, by its lower-case name. */
export function firstHeader(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The cookie that keeps a person signed in. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { OpenedSession } from "../domain/open-session.ts";

/** The cookie's name. */
export const sessionCookie = "punctual_session";

/** Not for scripts, and not for requests that other sites cause. `Path=/`: a proxy may put the node below any path. */
const attributes = { path: "/", httpOnly: true, sameSite: "strict" } as const;

/**
 * Gives a browser its session. A proxy may do the TLS, so whether the cookie is for HTTPS alone is told by where the
 * browser says the page came from.
 */
export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, session: OpenedSession): void {
  const secure = (request.headers.origin ?? `${request.protocol}:`).startsWith("https:");
  reply.setCookie(sessionCookie, session.token, { ...attributes, secure, expires: session.expiresAt });
}

/** Takes it away. */
export function clearSessionCookie(reply: FastifyReply): void {
  reply.clearCookie(sessionCookie, attributes);
}

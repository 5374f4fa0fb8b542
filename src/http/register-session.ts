/**
 * `/session`: how a person signs in to the page and out again.
 *
 * Apart from the routes of the API, because whoever signs in has no session yet, and because answers set the cookie.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Static, TSchema } from "typebox";
import type { Authenticator } from "../domain/authenticate.ts";
import { closeSession } from "../domain/close-session.ts";
import type { Context } from "../domain/context.ts";
import { type OpenedSession, openSession } from "../domain/open-session.ts";
import { openSessionByLink } from "../domain/open-session-by-link.ts";
import { readSessionEnd } from "../domain/read-session-end.ts";
import type { Actor } from "../model/actor.ts";
import { ApiError, invalid } from "../model/api-errors.ts";
import { csrfTokenOf, parseSessionToken } from "../model/session.ts";
import { compileCheck } from "../schemas/check.ts";
import { type SessionAnswer, type SignedIn, SignIn, SignInByLink } from "../schemas/session.ts";
import { authenticateRequest } from "./authenticate-request.ts";
import { clearSessionCookie, sessionCookie, setSessionCookie } from "./session-cookie.ts";

const hidden = { schema: { hide: true } };

/** Registers the addresses of the session. @param app the instance under the API's prefix */
export function registerSession(app: FastifyInstance, context: Context, authenticator: Authenticator): void {
  const readSignIn = reader(SignIn);
  const readLink = reader(SignInByLink);

  async function signedIn(request: FastifyRequest, reply: FastifyReply, session: OpenedSession) {
    setSessionCookie(request, reply, session);
    return present(await authenticator.authenticateSession(session.token), session);
  }

  app.post("/session", hidden, async (request, reply) => {
    const { apiKey, customerCode } = readSignIn(request.body);
    const actor = await authenticator.authenticate(apiKey.trim());
    if (actor.customerCode !== customerCode.trim()) {
      throw new ApiError("FORBIDDEN", "The API key does not belong to that customer.");
    }
    return signedIn(request, reply, await openSession(context, actor));
  });

  app.post("/session/_link", hidden, async (request, reply) =>
    signedIn(request, reply, await openSessionByLink(context, readLink(request.body).link)),
  );

  app.get("/session", hidden, async (request): Promise<Static<typeof SessionAnswer>> => {
    try {
      const { actor, token, sessionId } = await sessionOf(request, authenticator);
      return present(actor, { token, expiresAt: await readSessionEnd(context, sessionId) });
    } catch (error) {
      // Nobody is signed in: for whoever asks who is, that is an answer.
      if (error instanceof ApiError && error.code === "UNAUTHENTICATED") return { session: null };
      throw error;
    }
  });

  app.delete("/session", hidden, async (request, reply) => {
    const { actor, sessionId } = await sessionOf(request, authenticator);
    await closeSession(context, actor, sessionId);
    clearSessionCookie(reply);
    return reply.code(204).send();
  });
}

async function sessionOf(request: FastifyRequest, authenticator: Authenticator) {
  const token = request.cookies[sessionCookie];
  const sessionId = token === undefined ? undefined : parseSessionToken(token)?.sessionId;
  if (token === undefined || sessionId === undefined || request.headers.authorization !== undefined) {
    throw new ApiError("UNAUTHENTICATED", "Nobody is signed in here: POST /session opens a session.");
  }
  return { actor: await authenticateRequest(request, authenticator), token, sessionId };
}

function present(actor: Actor, { token, expiresAt }: OpenedSession): Static<typeof SignedIn> {
  const { customerCode, email, role } = actor;
  return { session: { customerCode, email, role, expiresAt: expiresAt.toISOString(), csrfToken: csrfTokenOf(token) } };
}

/** Reads bodies of a schema. @throws ApiError VALIDATION_FAILED */
function reader<Schema extends TSchema>(schema: Schema): (body: unknown) => Static<Schema> {
  const check = compileCheck(schema);
  return (body) => {
    if (check.is(body)) return body;
    throw invalid(check.explain(body ?? {}));
  };
}

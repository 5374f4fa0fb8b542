/**
 * Puts declared routes into Fastify: one place that lets in, checks and answers, for all of them.
 *
 * Order: key, customer and role before the body is read; then params, query and body; then the handler.
 */
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { TSchema } from "typebox";
import type { Authenticator } from "../domain/authenticate.ts";
import type { Context } from "../domain/context.ts";
import type { Actor } from "../model/actor.ts";
import { ApiError, type FieldError, invalid, invalidOutsideBody } from "../model/api-errors.ts";
import { roleSuffices } from "../model/roles.ts";
import { type Check, compileCheck } from "../schemas/check.ts";
import { authenticateRequest, firstHeader } from "./authenticate-request.ts";
import { nothingAt } from "./problem.ts";
import { readFiles } from "./read-files.ts";
import { readQuery } from "./read-query.ts";
import { problems, type Route } from "./route.ts";
import { shareNamed } from "./shared-schemas.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Set by the `onRequest` hook of every route of the API. */
    actor: Actor | null;
  }
}

/**
 * Registers routes, each with its guard, its parsing and its entry in the document.
 *
 * @param app the instance under the API's prefix
 */
export function registerRoutes(
  app: FastifyInstance,
  context: Context,
  authenticator: Authenticator,
  groups: Readonly<Record<string, readonly Route[]>>,
): void {
  app.decorateRequest("actor", null);
  for (const [tag, routes] of Object.entries(groups)) {
    for (const route of routes) registerRoute(app, context, authenticator, tag, route);
  }
}

function registerRoute(
  app: FastifyInstance,
  context: Context,
  authenticator: Authenticator,
  tag: string,
  route: Route,
): void {
  const params = compileCheck(route.params);
  const query = compileCheck(route.query);
  const body = compileCheck(route.body);
  const readsBody = route.reads !== "files" && route.method !== "GET" && route.method !== "DELETE";

  app.route({
    method: route.method,
    url: route.url,
    schema: documentation(app, route, tag, readsBody),
    // The schemas are for the document: requests are parsed by our own checks, and answers are text already. Said for
    // each route, because a schema that is added to the app undoes what was said to the app.
    validatorCompiler: () => () => true,
    serializerCompiler: () => (answer) => JSON.stringify(answer),
    async onRequest(request) {
      // The router takes `/jobs/` for a job whose id is empty.
      if (hasEmptyPart(request.params)) throw nothingAt(request);
      request.actor = await letIn(request, authenticator, route);
      if (route.reads !== "files" && firstHeader(request, "content-type")?.startsWith("multipart/")) {
        throw new ApiError("UNSUPPORTED_MEDIA_TYPE", "Send the body as application/json.");
      }
    },
    async handler(request, reply) {
      const { actor } = request;
      if (!actor) throw new Error("a route ran without an actor");
      const answer = await route.handle({
        context,
        actor,
        params: checked(params, request.params, "path parameter"),
        query: checked(query, readQuery(route.query, request.query), "query parameter"),
        body: readsBody ? checked(body, request.body === undefined ? {} : request.body) : {},
        path: request.url.split("?", 1)[0] ?? "",
        files: () => readFiles(request),
        header: (name) => firstHeader(request, name),
      });
      return send(reply, answer, request.method);
    },
  });
}

function hasEmptyPart(params: unknown): boolean {
  return typeof params === "object" && params !== null && Object.values(params).includes("");
}

async function letIn(request: FastifyRequest, authenticator: Authenticator, route: Route): Promise<Actor> {
  const actor = await authenticateRequest(request, authenticator);
  if (!roleSuffices(actor.role, route.role)) {
    throw new ApiError("FORBIDDEN", `This needs the role ${route.role}; the key has the role ${actor.role}.`);
  }
  return actor;
}

function checked<Schema extends TSchema>(check: Check<Schema>, value: unknown, where?: string) {
  if (check.is(value)) return value;
  const errors = check.explain(value);
  if (where === undefined) throw invalid(errors);
  throw invalidOutsideBody(errors.map((error) => outsideBody(error, where)));
}

function outsideBody(error: FieldError, where: string): FieldError {
  return { path: error.path, message: `${where} ${error.path.slice(1)}: ${error.message}` };
}

function send(reply: FastifyReply, answer: Awaited<ReturnType<Route["handle"]>>, method: string): FastifyReply {
  reply.code(answer.status);
  if (answer.headers) reply.headers(answer.headers);
  if (answer.stream && method === "HEAD") {
    answer.stream.destroy();
    // Not nothing, of which Fastify would say that it is 0 bytes long.
    return reply.send(Readable.from([]));
  }
  if (answer.stream) return reply.send(answer.stream);
  if (answer.json) return reply.type("application/json; charset=utf-8").send(answer.json);
  if (answer.body === undefined) return reply.send();
  return reply.type("application/json; charset=utf-8").send(JSON.stringify(answer.body));
}

function documentation(app: FastifyInstance, route: Route, tag: string, readsBody: boolean): object {
  return {
    tags: [tag],
    summary: route.summary,
    description: [route.description, `Needs the role \`${route.role}\`.`].filter(Boolean).join("\n\n"),
    security: [{ apiKey: [], customerCode: [] }],
    params: route.params,
    querystring: route.query,
    ...(readsBody && { body: shareNamed(app, route.body) }),
    response: shareNamed(app, {
      ...route.answers,
      ...problems("VALIDATION_FAILED", "UNAUTHENTICATED", "FORBIDDEN", "REQUEST_TIMEOUT", "UNAVAILABLE"),
    }),
  };
}

/** The HTTP server of a node: health and metrics always; the API, its documents and the page with the role `api`. */
import { randomUUID } from "node:crypto";
import http from "node:http";
import https from "node:https";
import cookie from "@fastify/cookie";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
} from "fastify";
import type { Authenticator } from "../domain/authenticate.ts";
import type { Readiness } from "../domain/check-readiness.ts";
import type { Context } from "../domain/context.ts";
import { ApiError } from "../model/api-errors.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Metrics } from "../runtime/metrics.ts";
import { answerClientError, answerError, answerNotFound, answerUnroutable } from "./problem.ts";
import { registerHealth } from "./public/health.ts";
import { registerOpenApi } from "./public/openapi.ts";
import { registerPages } from "./public/pages.ts";
import { registerFiles } from "./read-files.ts";
import { readJson } from "./read-json.ts";
import { registerRoutes } from "./register-routes.ts";
import { registerSession } from "./register-session.ts";
import { routes } from "./routes/index.ts";

const largestBody = 1024 * 1024;

/** What a node's HTTP server serves, and with what. */
export interface AppOptions {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly metricsToken: string | null;
  readonly readiness: () => Promise<Readiness>;
  /** Whether clients should go to another node: every answer then ends its connection. */
  readonly isDraining: () => boolean;
  /** PEM, for HTTPS. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** null: this node does not serve the API. */
  readonly api: ApiOptions | null;
}

/** What the API and its documents need of the node. */
export interface ApiOptions {
  readonly context: Context;
  readonly authenticator: Authenticator;
  readonly prefix: string;
  /** Where the API is reached; known once the node listens. */
  readonly publicUrl: () => string;
}

function createServer(handler: http.RequestListener, tls: AppOptions["tls"]): http.Server {
  // A client that dribbles its request holds a socket for half a minute at most.
  // Node looks for late requests every 30 s unless told: one would have up to a minute.
  const timeouts = { requestTimeout: 30_000, keepAliveTimeout: 72_000, connectionsCheckingInterval: 5_000 };
  return tls ? https.createServer({ ...timeouts, ...tls }, handler) : http.createServer(timeouts, handler);
}

/** @throws ApiError UNSUPPORTED_MEDIA_TYPE for a compressed body, which would otherwise be told as broken JSON */
function requireUnencoded(encoding: string | undefined): void {
  if (encoding === undefined || encoding.toLowerCase() === "identity") return;
  throw new ApiError("UNSUPPORTED_MEDIA_TYPE", "Send the body without Content-Encoding.");
}

/** @throws ApiError UNSUPPORTED_MEDIA_TYPE for a body that says it is in another character set than JSON's (RFC 8259, section 8.1) */
function requireUtf8(contentType = ""): void {
  const [, charset = "utf-8"] = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(contentType) ?? [];
  if (/^utf-?8$/i.test(charset)) return;
  throw new ApiError("UNSUPPORTED_MEDIA_TYPE", `JSON is read as UTF-8 only, not as ${charset.slice(0, 40)}.`);
}

/** Builds the app; it listens when it is told to. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  // Below a warning Fastify has one thing to say, where it listens, and the greeting says that better.
  const isQuiet = !options.log.isLevelEnabled("warn");
  const loggerInstance: FastifyBaseLogger = isQuiet ? options.log : options.log.child({}, { level: "warn" });
  const server: FastifyServerOptions<http.Server> = {
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: largestBody,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 200 },
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => {
      if (options.isDraining()) reply.header("connection", "close");
      answerUnroutable(error, request, reply);
    },
    clientErrorHandler: answerClientError,
    serverFactory: (handler) => createServer(handler, options.tls),
  };
  const app = Fastify(server);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, async (request: FastifyRequest, body: Buffer) => {
    requireUnencoded(request.headers["content-encoding"]);
    requireUtf8(request.headers["content-type"]);
    return readJson(body);
  });
  app.addHook("onSend", async (_request, reply) => {
    reply.header("x-content-type-options", "nosniff");
    if (options.isDraining()) reply.header("connection", "close");
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
  });
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "none";
    options.metrics.requestAnswered(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
  });

  registerHealth(app, options);
  const { api } = options;
  if (api) {
    await registerOpenApi(app, api);
    await registerFiles(app);
    await app.register(
      async (prefixed) => {
        await prefixed.register(cookie);
        registerSession(prefixed, api.context, api.authenticator);
        registerRoutes(prefixed, api.context, api.authenticator, routes);
      },
      { prefix: api.prefix },
    );
    await registerPages(app, { apiPrefix: api.prefix });
  }
  await app.ready();
  return app;
}

/** What operators and their tools ask a node; none of it needs a key. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { Readiness } from "../../domain/check-readiness.ts";
import type { Metrics } from "../../runtime/metrics.ts";

/** Where health and metrics come from. */
export interface HealthOptions {
  readonly metrics: Metrics;
  readonly metricsToken: string | null;
  readonly readiness: () => Promise<Readiness>;
}

/** `GET /healthz`, `/readyz`, `/metrics`. */
export function registerHealth(app: FastifyInstance, options: HealthOptions): void {
  app.get("/healthz", { schema: { hide: true } }, async () => ({ status: "ok" }));

  app.get("/readyz", { schema: { hide: true } }, async (_request, reply) => {
    const { ready, checks, details } = await options.readiness();
    if (!ready) reply.code(503).header("retry-after", "1");
    return { status: ready ? "ready" : "unavailable", checks, details };
  });

  app.get("/metrics", { schema: { hide: true } }, async (request, reply) => {
    const mayTell = isToken(request.headers.authorization, options.metricsToken);
    reply.type("text/plain; version=0.0.4; charset=utf-8");
    return reply.send(await options.metrics.text(mayTell ? "told" : "withheld"));
  });
}

function isToken(authorization: string | undefined, token: string | null): boolean {
  if (token === null || authorization === undefined) return false;
  return timingSafeEqual(digest(authorization), digest(`Bearer ${token}`));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

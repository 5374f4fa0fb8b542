/** `GET /openapi.json`, made from the schemas of the routes, and `GET /docs`, a reference page of it. */
import swagger from "@fastify/swagger";
import { type FastifyInstance, fastify } from "fastify";

/** What the document says of this node. */
export interface OpenApiOptions {
  /** Where the API is reached; known once the node listens. */
  readonly publicUrl: () => string;
}

/** Must come before the routes, so that it sees them. */
export async function registerOpenApi(app: FastifyInstance, options: OpenApiOptions): Promise<void> {
  await app.register(swagger, {
    refResolver: { buildLocalReference: (json, _baseUri, _fragment, index) => String(json.$id ?? `schema${index}`) },
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Punctual",
        version: "1",
        description:
          "Jobs and schedules over HTTP. Speaks the Jobs and Scheduling API of Conscia's DXO platform: a client of that platform works by changing the host alone.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: "/" }],
      components: {
        securitySchemes: {
          apiKey: { type: "http", scheme: "bearer", description: "An API key, `pnc_…`." },
          customerCode: { type: "apiKey", in: "header", name: "X-Customer-Code", description: "The key's customer." },
        },
      },
    },
  });
  app.get("/openapi.json", { schema: { hide: true } }, async () => ({
    ...app.swagger(),
    servers: [{ url: options.publicUrl() }],
  }));
  registerReference(app);
}

/** What of the reference's answers is passed on. */
const passedOn = ["content-type", "location", "cache-control", "content-security-policy"];

/** The reference is megabytes of code, which a node that nobody asks for it does not read. */
function registerReference(app: FastifyInstance): void {
  let reference: Promise<FastifyInstance> | undefined;
  for (const url of ["/docs", "/docs/*"]) {
    app.get(url, { schema: { hide: true } }, async (request, reply) => {
      reference ??= openReference().catch((error: unknown) => {
        reference = undefined;
        throw error;
      });
      const answer = await (await reference).inject({ url: request.url });
      if (answer.statusCode === 404) return reply.callNotFound();
      const headers = Object.entries(answer.headers).filter(([name]) => passedOn.includes(name));
      return reply.code(answer.statusCode).headers(Object.fromEntries(headers)).send(answer.rawPayload);
    });
  }
}

/** An application of its own, which listens nowhere. */
async function openReference(): Promise<FastifyInstance> {
  const { default: scalar } = await import("@scalar/fastify-api-reference");
  const app = fastify();
  await app.register(scalar, {
    routePrefix: "/docs",
    configuration: {
      url: "/openapi.json",
      withDefaultFonts: false,
      hideClientButton: true,
      showDeveloperTools: "never",
      authentication: { preferredSecurityScheme: [["apiKey", "customerCode"]] },
      telemetry: false,
      agent: { disabled: true },
      mcp: { disabled: true },
    },
    hooks: {
      onRequest: (_request, reply, done) => {
        // The page brings its configuration and styles inline, and asks for nothing outside.
        reply.header(
          "content-security-policy",
          "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'",
        );
        done();
      },
    },
  });
  return app;
}

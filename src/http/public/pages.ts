/** `GET /`: the web page. */
import { fileURLToPath } from "node:url";
import helmet from "@fastify/helmet";
import files from "@fastify/static";
import type { FastifyInstance } from "fastify";

/** The same place for the source and for the built code. */
const folder = fileURLToPath(new URL("../../../web/", import.meta.url));

/** Serves the page and its parts under a strict content security policy. */
export async function registerPages(app: FastifyInstance): Promise<void> {
  await app.register(async (pages) => {
    await pages.register(helmet, {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          baseUri: ["'none'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
          objectSrc: ["'none'"],
        },
      },
      strictTransportSecurity: false,
    });
    await pages.register(files, { root: folder, index: "index.html", wildcard: false, cacheControl: false });
  });
}
